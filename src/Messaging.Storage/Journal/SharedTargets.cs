using System.Buffers.Binary;

namespace Messaging.Storage.Journal;

/// <summary>
/// The bytes of a <see cref="EntryType.Shared"/> entry (<see cref="JournalFormat"/> has the table): records that stand once in the frame, and the streams that have them, with the offset
/// of the first in each.
/// </summary>
internal readonly ref struct SharedTargets
{
    public const int HeaderBytes = 8;
    public const int TargetBytes = 16;

    private readonly ReadOnlySpan<byte> _targets;

    private SharedTargets(ReadOnlySpan<byte> targets, EntryFlags flags, int batchStart, ReadOnlySpan<byte> batch)
    {
        _targets = targets;
        Flags = flags;
        BatchStart = batchStart;
        Batch = batch;
    }

    public EntryFlags Flags { get; }

    public int Count => _targets.Length / TargetBytes;

    /// <summary>Where the batch begins in the frame.</summary>
    public int BatchStart { get; }

    public ReadOnlySpan<byte> Batch { get; }

    public (long StreamId, long BaseOffset) this[int index]
    {
        get
        {
            ReadOnlySpan<byte> target = _targets.Slice(index * TargetBytes, TargetBytes);
            return (BinaryPrimitives.ReadInt64LittleEndian(target), BinaryPrimitives.ReadInt64LittleEndian(target[8..]));
        }
    }

    /// <summary>What the list takes before the batch. Bytes.</summary>
    public static int BytesOf(int streams) => HeaderBytes + (streams * TargetBytes);

    public static void Write(Span<byte> destination, ReadOnlySpan<PendingTarget> targets)
    {
        BinaryPrimitives.WriteInt64LittleEndian(destination, targets.Length);
        for (int i = 0; i < targets.Length; i++)
        {
            Span<byte> target = destination.Slice(HeaderBytes + (i * TargetBytes), TargetBytes);
            BinaryPrimitives.WriteInt64LittleEndian(target, targets[i].Stream.Id);
            BinaryPrimitives.WriteInt64LittleEndian(target[8..], targets[i].BaseOffset);
        }
    }

    /// <summary>False for lengths that lie. <paramref name="start"/>: where the bytes begin in the frame.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, int start, EntryFlags flags, out SharedTargets targets)
    {
        targets = default;
        if (bytes.Length < HeaderBytes)
        {
            return false;
        }

        long count = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        if (count is < 1 or > StorageLimits.SharedStreamsMax || BytesOf((int)count) > bytes.Length)
        {
            return false;
        }

        int batch = BytesOf((int)count);
        targets = new SharedTargets(bytes[HeaderBytes..batch], flags, start + batch, bytes[batch..]);
        return true;
    }
}
