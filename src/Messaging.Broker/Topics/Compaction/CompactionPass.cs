using Messaging.Broker.Records;
using Messaging.Storage;

namespace Messaging.Broker.Topics.Compaction;

/// <summary>
/// One pass of compaction over one partition, as Kafka's cleaner does it: what was never compacted is read, and the latest offset of each of its keys kept in memory; then all is read from the partition's
/// begin on, and what has a later record is released, step by step. A pass that ends anywhere has done no harm: the latest record of a key is never released, and the next pass begins where this one did.
/// Not to be called twice at once.
/// </summary>
/// <remarks>
/// Never touched is the head: the last batch, so that a partition's latest record can always be read, as Kafka never cleans its active segment; what is younger than the topic's lag; and all from the first
/// transaction on that has not ended. Records of aborted transactions go, and records without a key, which came before the topic was compacted, as in Kafka. A tombstone, or the marker of a transaction
/// that has no records left, goes when it had its time and all before it could be read.
/// </remarks>
internal sealed class CompactionPass
{
    private enum Phase
    {
        Beginning,
        Mapping,
        Cleaning,
        Over,
    }

    private const long DamagedAgainMs = 3_600_000;

    private readonly TopicHost _host;
    private readonly LatestOffsets _latest;
    private readonly DeadRuns _dead = new();
    private readonly BatchCleaner _cleaner;
    private readonly CompactionJournal _journal;
    private Phase _phase;
    private long _synced;
    private long _limit;
    private long _oldestSafeMs;
    private long _tombstoneMs;
    private long _clearedBelow;
    private long _from;
    private long _end;
    private long _cursor;

    public CompactionPass(TopicHost host, LivePartition partition, int keysMax)
    {
        (_host, Partition) = (host, partition);
        _latest = new LatestOffsets(keysMax);
        _cleaner = new BatchCleaner(host.Engine, partition, _latest, _dead);
        _journal = new CompactionJournal(host, partition);
    }

    public LivePartition Partition { get; }

    public bool IsOver => _phase == Phase.Over;

    /// <summary>It ended where it had no memory for more keys: another pass goes on.</summary>
    public bool HasMore { get; private set; }

    /// <summary>The next step, of one read or one command; bytes that it has read.</summary>
    public async ValueTask<long> StepAsync()
    {
        switch (_phase)
        {
            case Phase.Beginning:
                await BeginAsync();
                return 0;
            case Phase.Mapping:
                return Map();
            case Phase.Cleaning when _dead.Count >= TopicLimits.CompactionRunsPerStepMax || (_cursor >= _end && _dead.Count > 0):
                await ReleaseAsync();
                return 0;
            case Phase.Cleaning when _cursor >= _end:
                await FinishAsync();
                return 0;
            case Phase.Cleaning:
                return Clean();
            case Phase.Over:
            default:
                return 0;
        }
    }

    private async ValueTask BeginAsync()
    {
        await Look(out long lastStable);
        TopicDefinition definition = Partition.Topic!.Definition;
        CompactionState? state = Partition.State.Compaction;
        long now = _host.Clock.NowMs();
        _synced = Partition.Stream.SyncedNext;
        _limit = Math.Min(lastStable, _synced);
        _oldestSafeMs = definition.MinCompactionLagSeconds == 0 ? long.MaxValue : now - (definition.MinCompactionLagSeconds * 1_000L);
        _tombstoneMs = definition.TombstoneSeconds * 1_000L;
        _clearedBelow = state?.ClearedBy(now - _tombstoneMs) ?? 0;
        _from = _cursor = _end = Math.Max(state?.Cleaned ?? 0, Partition.Stream.Low);
        _cleaner.Begin(_from, _clearedBelow);
        _phase = Phase.Mapping;
    }

    // Which transactions have ended is told once it is synced, and so is then all that was sequenced before.
    private ValueTask Look(out long lastStable)
    {
        ValueTask synced;
        using (Command command = _host.Engine.BeginCommand(0))
        {
            lastStable = Partition.LastStable;
            synced = command.Commit();
        }

        return synced;
    }

    private long Map()
    {
        using BatchSet batches = Read(_limit);
        AbortedTransaction[] aborted = Aborted(batches);
        bool goesOn = _phase == Phase.Mapping && _cursor < _limit;
        for (int i = 0; goesOn && i < batches.Count; i++)
        {
            ref readonly StoredBatch batch = ref batches[i];
            HasMore = !_latest.HasRoomFor(batch.Header.Count);
            goesOn = !HasMore && batch.Header.LastOffset + 1 < _synced && batch.Header.MaxTimestamp <= _oldestSafeMs;
            if (goesOn) Map(batch, aborted);
            if (goesOn) _cursor = batch.Header.LastOffset + 1;
        }

        if (_phase == Phase.Mapping && (!goesOn || _cursor >= _limit)) EndMapping();
        return batches.Bytes;
    }

    private void Map(in StoredBatch batch, AbortedTransaction[] aborted)
    {
        if (batch.Header.IsControl || VisibleBatches.IsAborted(batch.Header, aborted)) return;
        var records = new BatchRecords(batch.Bytes, isForClient: false);
        while (records.MoveNext())
        {
            if (!records.KeyIsNull) _latest.Add(records.Key, records.Offset);
        }

        records.Dispose();
    }

    private void EndMapping()
    {
        _end = Math.Max(_from, _cursor);
        long cleared = Partition.State.Compaction?.Cleared ?? 0;
        if (_end == _from && _clearedBelow <= cleared)
        {
            if (_oldestSafeMs == long.MaxValue) Partition.CompactionIdleAt = _synced;
            _phase = Phase.Over;
            return;
        }

        _cursor = Partition.Stream.Low;
        _phase = Phase.Cleaning;
    }

    private long Clean()
    {
        using BatchSet batches = Read(_end);
        AbortedTransaction[] aborted = Aborted(batches);
        for (int i = 0; _phase == Phase.Cleaning && i < batches.Count; i++)
        {
            ref readonly StoredBatch batch = ref batches[i];
            _cleaner.Clean(batch, aborted);
            _cursor = batch.Header.LastOffset + 1;
        }

        return batches.Bytes;
    }

    // Passes over what is damaged, and ends the pass where it is only for now that nothing can be read.
    private BatchSet Read(long end)
    {
        BatchSet batches = _host.Engine.ReadBatches(Partition.Stream, _cursor, end, TopicLimits.CompactionReadBytes);
        if (batches.Count > 0) return batches;
        if (batches.State == StoredRecordState.Unreadable) Leave();
        else _cursor = batches.State == StoredRecordState.Damaged ? batches.UnreadableEnd : end;
        if (batches.State == StoredRecordState.Damaged) _cleaner.PassDamage();
        return batches;
    }

    private AbortedTransaction[] Aborted(BatchSet batches) => batches.Count > 0 && Partition.State.Aborted is { } aborted
        ? aborted.Between(batches[0].Header.BaseOffset, batches[batches.Count - 1].Header.LastOffset + 1)
        : [];

    private async ValueTask ReleaseAsync()
    {
        int count = Math.Min(_dead.Count, TopicLimits.CompactionRunsPerStepMax);
        if (!await _journal.ReleaseAsync(_dead.First(count))) Leave();
        _dead.RemoveFirst(count);
    }

    private async ValueTask FinishAsync()
    {
        long now = _host.Clock.NowMs();
        long step = Math.Max(1, _tombstoneMs / TopicLimits.TombstoneMarksPerTime);
        // Where something was damaged, tombstones have stayed that had their time: they get it once more, and not at once.
        long met = (now + (_cleaner.IsDamaged ? DamagedAgainMs : 0) + step - 1) / step * step;
        var progress = new CompactionProgress(_end, _cleaner.MeetsTombstones || _cleaner.IsDamaged ? met : 0, _clearedBelow);
        if (!await _journal.FinishAsync(now, progress)) Leave();
        _phase = Phase.Over;
    }

    // It can't go on; what it has done so far is done.
    private void Leave() => (_phase, HasMore) = (Phase.Over, false);
}
