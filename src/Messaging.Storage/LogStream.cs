using Messaging.Storage.Streams;

namespace Messaging.Storage;

/// <summary>
/// One stream of records: its offsets and which of them are released. Offsets are 64-bit, rise by one per record and are
/// never reused (engine.md invariant 3). Everything but <see cref="FirstNotOlderThan"/> belongs to the sequencer: call it
/// inside a command or in the fold.
/// </summary>
public sealed class LogStream
{
    private readonly OffsetSet _released;

    internal LogStream(long id, OffsetSet? released = null) => (Id, _released) = (id, released ?? new OffsetSet());

    public long Id { get; }

    /// <summary>Everything below is released.</summary>
    public long Low => _released.Low;

    /// <summary>The next record's offset.</summary>
    public long Next { get; internal set; }

    /// <summary>Records that are not released.</summary>
    public long LiveCount => Next - Low - _released.CountAboveLow;

    /// <summary>The latest record's time; later records never go below it. Milliseconds since 1970.</summary>
    public long LastTimestamp { get; internal set; }

    public bool IsDropped { get; internal set; }

    internal StreamIndex Index { get; } = new();

    internal OffsetSet Released => _released;

    internal long OpenBatchFrame { get; set; }

    internal int OpenBatch { get; set; }

    /// <summary>
    /// The record is dead: acknowledged or expired. True when it was live. Not journaled: the state entry that says so is, and
    /// the fold calls this again.
    /// </summary>
    public bool Release(long offset)
    {
        Invariant.Check(offset >= 0 && offset < Next, "only records that exist are released");
        return _released.Add(offset);
    }

    /// <summary>Releases every record below the offset.</summary>
    public void ReleaseBelow(long offset)
    {
        Invariant.Check(offset <= Next, "only records that exist are released");
        if (offset > Low)
        {
            _released.AddRange(Low, offset);
        }
    }

    public bool IsReleased(long offset) => _released.Contains(offset);

    /// <summary>The first offset at or after <paramref name="from"/> that is not released; at most <see cref="Next"/>.</summary>
    public long NextLive(long from) => Math.Min(Next, _released.NextMissing(from));

    /// <summary>
    /// An offset such that every record below it is older than <paramref name="timestampMs"/>, as near as the index knows without
    /// reading records: batches of the tail, extents of packs.
    /// </summary>
    public long FirstNotOlderThan(long timestampMs) => Index.FirstNotOlderThan(timestampMs, Low);
}
