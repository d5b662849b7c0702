using Messaging.Storage.Streams;

namespace Messaging.Storage.Check;

/// <summary>One stream as the check follows it: what the checkpoint said, then what frames behind it append.</summary>
internal sealed class CheckedStream(long next, OffsetSet released)
{
    private readonly long _atCheckpoint = next;

    public long Next { get; set; } = next;

    /// <summary>As of the checkpoint.</summary>
    public OffsetSet Released { get; } = released;

    public bool IsDropped { get; set; }

    /// <summary>Records that frames behind the checkpoint append.</summary>
    public long Appended { get; set; }

    /// <summary>Bytes of batches that stand in the journal only.</summary>
    public long TailBytes { get; set; }

    public long Records => CountLiving(0, _atCheckpoint) + Appended;

    /// <summary>Offsets that are not released: each must have its record.</summary>
    public long CountLiving(long from, long to) => to - from - Released.CountIn(from, to);
}
