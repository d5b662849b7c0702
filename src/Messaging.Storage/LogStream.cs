using Messaging.Storage.Streams;

namespace Messaging.Storage;

/// <summary>
/// One stream of records: its offsets and which of them are released. Offsets are 64-bit, rise by one per record and are
/// never reused (engine.md invariant 3). Members that any thread may use say so; everything else belongs to the sequencer: call it
/// inside a command or in the fold.
/// </summary>
public sealed class LogStream
{
    private readonly OffsetSet _released;
    private volatile IStreamWatcher? _watcher;
    private long _syncedNext;

    internal LogStream(long id, OffsetSet? released = null) => (Id, _released) = (id, released ?? new OffsetSet());

    public long Id { get; }

    /// <summary>Everything below is released. From any thread; outside of the sequencer it may be ahead of what is synced.</summary>
    public long Low => _released.Low;

    /// <summary>The next record's offset.</summary>
    public long Next { get; internal set; }

    /// <summary>
    /// The offset behind the last record that is synced, and so what readers may see; rises batch by batch as the journal's frames are
    /// synced. From any thread.
    /// </summary>
    public long SyncedNext => Volatile.Read(ref _syncedNext);

    /// <summary>Who hears of each rise of <see cref="SyncedNext"/>; null, as at first, for nobody. From any thread.</summary>
    public IStreamWatcher? Watcher
    {
        get => _watcher;
        set => _watcher = value;
    }

    /// <summary>
    /// Some record above <see cref="Low"/> is released: only then need readers leave records out of what they read. From any thread.
    /// </summary>
    public bool HasReleasedAboveLow => _released.HasAboveLow;

    /// <summary>Offsets that are not released; those that a batch spans without a record count too.</summary>
    public long LiveCount => Next - Low - _released.CountAboveLow;

    /// <summary>The latest record's time, as the broker's clock gave it; later ones never go below it. Producers' times don't count. Milliseconds since 1970.</summary>
    public long LastTimestamp { get; internal set; }

    public bool IsDropped { get; internal set; }

    internal StreamIndex Index { get; } = new();

    internal OffsetSet Released => _released;

    internal long OpenBatchFrame { get; set; }

    internal int OpenBatch { get; set; }

    /// <summary>
    /// The record is dead: acknowledged or expired. True when it was live. Not journaled: the state entry that says so is, and
    /// the fold calls this again. Who releases a batch record by record releases the offsets between them too: the batch stays as long as one is left.
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

    /// <summary>Releases all offsets from <paramref name="from"/> up to but without <paramref name="end"/>, with those that no record has.</summary>
    public void ReleaseRange(long from, long end)
    {
        Invariant.Check(from >= 0 && from <= end && end <= Next, "only records that exist are released");
        _released.AddRange(from, end);
    }

    /// <summary>By the thread that writes the journal, and by recovery: everything below is synced and in the index.</summary>
    internal void Synced(long next)
    {
        Volatile.Write(ref _syncedNext, next);
        // A waiter sets the watcher, then looks at what is synced: one of the two sees the other.
        Interlocked.MemoryBarrier();
        _watcher?.Appended(this);
    }

    public bool IsReleased(long offset) => _released.Contains(offset);

    /// <summary>The first offset at or after <paramref name="from"/> that is not released; at most <see cref="Next"/>.</summary>
    public long NextLive(long from) => Math.Min(Next, _released.NextMissing(from));

    /// <summary>The record of that offset, or else the first after it, stands in the journal's files so far, which are in memory. From any thread.</summary>
    public bool IsInTail(long offset) => Index.IsInTail(offset);

    /// <summary>
    /// An offset such that every record below it is older than <paramref name="timestampMs"/>, as near as the index knows without
    /// reading records: batches of the tail, extents of packs. Of records whose times don't rise with their offsets too. From any thread.
    /// </summary>
    public long FirstNotOlderThan(long timestampMs) => Index.FirstNotOlderThan(timestampMs, Low);

    /// <summary>
    /// Where to look for the first record of <paramref name="timestampMs"/> or later: the base offset of the batch of the tail, or of the extent of a pack, that holds it, or
    /// <see cref="Low"/> where that is higher. Null when there is no such record. From any thread.
    /// </summary>
    public long? FirstAtOrAfter(long timestampMs) => Index.FirstAtOrAfter(timestampMs, Low);

    /// <summary>
    /// The lowest boundary such that what lives from there on is at most so many bytes, as near as the index knows without reading: a batch of the tail, a block of a
    /// pack whose index is in memory, else an extent, which then is kept whole. What is released and not yet copied away does not count.
    /// </summary>
    public long FirstWithinBytes(long bytes) => Index.FirstWithinBytes(_released.HasAboveLow ? _released : null, bytes, Low);

    /// <summary>Bytes of what is not released, as near as the index knows without reading.</summary>
    public long LivingBytes => Index.LivingBytes(_released, Low);

    /// <summary>Bytes of all batches in packs and in the journal, with what is released in them and not yet copied away. From any thread.</summary>
    public long StoredBytes => Index.StoredBytes();

    /// <summary>
    /// The same of what stands from <paramref name="offset"/> on, as near as the index knows without reading: of an extent that straddles it the share of its offsets. From any thread.
    /// </summary>
    public long StoredBytesFrom(long offset) => Index.StoredBytesFrom(offset);
}
