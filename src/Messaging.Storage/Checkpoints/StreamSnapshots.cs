using System.Buffers;
using Messaging.Storage.Streams;

namespace Messaging.Storage.Checkpoints;

/// <summary>
/// The state of all streams at one moment, taken inside the sequencer into memory, so that writing it holds nobody up.
/// Extents and tail are added afterwards, cut at the offsets of that moment.
/// </summary>
internal sealed class StreamSnapshots
{
    private readonly ArrayBufferWriter<byte> _bytes = new(64 << 10);
    private readonly List<Taken> _taken = [];

    public IReadOnlyList<Taken> Streams => _taken;

    public ReadOnlyMemory<byte> Bytes => _bytes.WrittenMemory;

    /// <summary>Inside the sequencer.</summary>
    public void Take(LogStream stream, IStateMachine machine)
    {
        int start = _bytes.WrittenCount;
        OffsetSetCodec.Write(stream.Released, _bytes);
        int middle = _bytes.WrittenCount;
        machine.Snapshot(stream, _bytes);
        _taken.Add(new Taken(stream, stream.Next, stream.LastTimestamp, start, middle - start, _bytes.WrittenCount - middle));
    }

    internal readonly record struct Taken(LogStream Stream, long Next, long LastTimestamp, int Start, int ReleasedBytes, int SnapshotBytes);
}
