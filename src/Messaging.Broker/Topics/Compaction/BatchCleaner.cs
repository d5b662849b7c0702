using Messaging.Broker.Records;
using Messaging.Storage;
using Messaging.Storage.Records;

namespace Messaging.Broker.Topics.Compaction;

/// <summary>
/// Says batch by batch, in the order of their offsets, what of a partition goes in a pass of compaction (<see cref="CompactionPass"/>): by the <paramref name="latest"/> offsets of the keys that it has mapped, into
/// <paramref name="dead"/>. Not to be called twice at once.
/// </summary>
internal sealed class BatchCleaner(LogEngine engine, LivePartition partition, LatestOffsets latest, DeadRuns dead)
{
    // Producers that have records left of the transaction that is being passed through.
    private readonly HashSet<long> _transactions = [];
    private long _from;
    private long _clearedBelow;

    /// <summary>A tombstone or a marker stays that was never seen by a pass before.</summary>
    public bool MeetsTombstones { get; private set; }

    /// <summary>Something could not be read: then tombstones stay.</summary>
    public bool IsDamaged { get; private set; }

    /// <summary>From <paramref name="from"/> on no pass has been; tombstones below <paramref name="clearedBelow"/> have had their time.</summary>
    public void Begin(long from, long clearedBelow) => (_from, _clearedBelow) = (from, clearedBelow);

    public void PassDamage() => IsDamaged = true;

    public void Clean(in StoredBatch batch, AbortedTransaction[] aborted)
    {
        if (batch.Header.IsControl) CleanMarker(batch);
        else if (VisibleBatches.IsAborted(batch.Header, aborted)) Take(batch.Header);
        else Clean(batch);
    }

    private void Clean(in StoredBatch batch)
    {
        ulong[]? released = Released(batch.Header);
        var records = new BatchRecords(batch.Bytes, isForClient: false);
        long deadFrom = batch.Header.BaseOffset;
        bool anyDead = false;
        bool anyLives = false;
        while (records.MoveNext())
        {
            if (Has(released, records.Offset - batch.Header.BaseOffset)) continue;
            if (IsDead(records))
            {
                anyDead = true;
                continue;
            }

            // With the offsets between, which no record has any more: a batch stays as long as one of its offsets lives.
            if (anyDead) dead.Add(deadFrom, records.Offset);
            (deadFrom, anyDead, anyLives) = (records.Offset + 1, false, true);
            MeetsTombstones |= records.ValueIsNull && records.Offset >= _from;
        }

        // What can't be read stays, and may be of any key and any transaction.
        IsDamaged |= records.Malformed;
        if (anyDead && !records.Malformed) dead.Add(deadFrom, batch.Header.LastOffset + 1);
        if (batch.Header.IsTransactional && (anyLives || records.Malformed)) _transactions.Add(batch.Header.ProducerId);
        records.Dispose();
    }

    private bool IsDead(in BatchRecords record) =>
        record.KeyIsNull || (record.ValueIsNull && MayClear(record.Offset)) || latest.HasLater(record.Key, record.Offset);

    private void CleanMarker(in StoredBatch batch)
    {
        bool hasRecords = _transactions.Remove(batch.Header.ProducerId);
        if (!hasRecords && MayClear(batch.Header.BaseOffset)) Take(batch.Header);
        else MeetsTombstones |= batch.Header.BaseOffset >= _from;
    }

    // Older records of its key may stand where nothing can be read.
    private bool MayClear(long offset) => offset < _clearedBelow && !IsDamaged;

    // What was released before may still stand there.
    private void Take(in RecordBatchHeader batch)
    {
        if (!Has(Released(batch), batch.LastOffsetDelta)) dead.Add(batch.BaseOffset, batch.LastOffset + 1);
    }

    private ulong[]? Released(in RecordBatchHeader header)
    {
        LogStream stream = partition.Stream;
        if (!stream.HasReleasedAboveLow && stream.Low <= header.BaseOffset) return null;
        ulong[] released = new ulong[RecordBatchFilter.WordsOf(header)];
        engine.CopyReleased(stream, header.BaseOffset, released);
        return released;
    }

    private static bool Has(ulong[]? released, long delta) => released is not null && (released[delta >> 6] >> (int)(delta & 63) & 1) != 0;
}
