using System.Buffers;
using System.Buffers.Binary;
using Messaging.Storage;
using Messaging.Storage.Records;

namespace Messaging.Simulation.Engine;

/// <summary>
/// A state machine of one number per stream that depends on every entry and its order, and on every record told of. Entries:
/// a kind, then a value: releases are folded into the stream, as a queue's acknowledgements are.
/// </summary>
internal sealed class HashingStateMachine : IStateMachine
{
    public const int EntryBytes = 1 + sizeof(long);
    private const int SnapshotBytes = 3 * sizeof(long);

    public Dictionary<long, LogStream> Streams { get; } = [];

    private readonly Dictionary<long, FoldedState> _states = [];

    /// <summary>The last command of the sequence: every command leaves its number in the system stream.</summary>
    public long LastCommand => StateOf(0).LastValue;

    public FoldedState StateOf(long streamId) => _states.GetValueOrDefault(streamId);

    public static void WriteEntry(Span<byte> entry, EntryKind kind, long value)
    {
        entry[0] = (byte)kind;
        BinaryPrimitives.WriteInt64LittleEndian(entry[1..], value);
    }

    public void Restore(LogStream stream, ReadOnlySpan<byte> snapshot)
    {
        Streams[stream.Id] = stream;
        _states[stream.Id] = new FoldedState(
            BinaryPrimitives.ReadUInt64LittleEndian(snapshot),
            BinaryPrimitives.ReadUInt64LittleEndian(snapshot[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(snapshot[16..]));
    }

    public void RecordsAppended(LogStream stream, in RecordBatchHeader batch) => Appended(stream, batch.BaseOffset, batch.LastOffsetDelta + 1);

    /// <summary>What a live command does beside appending.</summary>
    public void Appended(LogStream stream, long baseOffset, int count)
    {
        Streams[stream.Id] = stream;
        FoldedState state = StateOf(stream.Id);
        for (long offset = baseOffset; offset < baseOffset + count; offset++)
        {
            state = state.WithRecord(offset);
        }

        _states[stream.Id] = state;
    }

    public void Apply(LogStream stream, ReadOnlySpan<byte> entry)
    {
        Streams[stream.Id] = stream;
        var kind = (EntryKind)entry[0];
        long value = BinaryPrimitives.ReadInt64LittleEndian(entry[1..]);
        _states[stream.Id] = StateOf(stream.Id).WithEntry(kind, value);
        if (kind == EntryKind.Release)
        {
            stream.Release(value);
        }
        else if (kind == EntryKind.ReleaseBelow)
        {
            stream.ReleaseBelow(value);
        }
    }

    public void StreamDropped(LogStream stream)
    {
        Streams.Remove(stream.Id);
        _states.Remove(stream.Id);
    }

    public void Snapshot(LogStream stream, IBufferWriter<byte> destination)
    {
        FoldedState state = StateOf(stream.Id);
        Span<byte> snapshot = destination.GetSpan(SnapshotBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(snapshot, state.Entries);
        BinaryPrimitives.WriteUInt64LittleEndian(snapshot[8..], state.Records);
        BinaryPrimitives.WriteInt64LittleEndian(snapshot[16..], state.LastValue);
        destination.Advance(SnapshotBytes);
    }
}

internal enum EntryKind : byte
{
    Note = 1,
    Release,
    ReleaseBelow,
}

/// <summary>Entries by order, records in any order (they may move ahead of entries of their frame).</summary>
internal readonly record struct FoldedState(ulong Entries, ulong Records, long LastValue)
{
    public FoldedState WithRecord(long offset) => this with { Records = Records + Mix((ulong)offset + 1) };

    public FoldedState WithEntry(EntryKind kind, long value) =>
        this with { Entries = Mix(Entries ^ Mix((ulong)value * 31 + (ulong)kind)), LastValue = value };

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
