using Messaging.Broker.Records;
using Messaging.Storage;
using Messaging.Storage.Records;

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
internal sealed class CompactionPass(TopicHost host, LivePartition partition, int keysMax)
{
    private enum Phase
    {
        Beginning,
        Mapping,
        Cleaning,
        Over,
    }

    private const long DamagedAgainMs = 3_600_000;

    private readonly LatestOffsets _latest = new(keysMax);
    private readonly DeadRuns _dead = new();

    // Producers that have records left of the transaction that is being passed through.
    private readonly HashSet<long> _transactions = [];
    private readonly byte[] _entry = new byte[PartitionEntries.CompactedBytesMax(TopicLimits.CompactionRunsPerStepMax)];
    private Phase _phase;
    private long _synced;
    private long _limit;
    private long _oldestSafeMs;
    private long _tombstoneMs;
    private long _clearedBelow;
    private long _from;
    private long _end;
    private long _cursor;
    private bool _meetsTombstones;
    private bool _isDamaged;

    public LivePartition Partition => partition;

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
        TopicDefinition definition = partition.Topic!.Definition;
        CompactionState? state = partition.State.Compaction;
        long now = host.Clock.NowMs();
        _synced = partition.Stream.SyncedNext;
        _limit = Math.Min(lastStable, _synced);
        _oldestSafeMs = definition.MinCompactionLagSeconds == 0 ? long.MaxValue : now - (definition.MinCompactionLagSeconds * 1_000L);
        _tombstoneMs = definition.TombstoneSeconds * 1_000L;
        _clearedBelow = state?.ClearedBy(now - _tombstoneMs) ?? 0;
        _from = _cursor = _end = Math.Max(state?.Cleaned ?? 0, partition.Stream.Low);
        _phase = Phase.Mapping;
    }

    // Which transactions have ended is told once it is synced, and so is then all that was sequenced before.
    private ValueTask Look(out long lastStable)
    {
        ValueTask synced;
        using (Command command = host.Engine.BeginCommand(0))
        {
            lastStable = partition.LastStable;
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
        long cleared = partition.State.Compaction?.Cleared ?? 0;
        if (_end == _from && _clearedBelow <= cleared)
        {
            if (_oldestSafeMs == long.MaxValue) partition.CompactionIdleAt = _synced;
            _phase = Phase.Over;
            return;
        }

        _cursor = partition.Stream.Low;
        _phase = Phase.Cleaning;
    }

    private long Clean()
    {
        using BatchSet batches = Read(_end);
        AbortedTransaction[] aborted = Aborted(batches);
        for (int i = 0; _phase == Phase.Cleaning && i < batches.Count; i++)
        {
            ref readonly StoredBatch batch = ref batches[i];
            if (batch.Header.IsControl) CleanMarker(batch);
            else if (VisibleBatches.IsAborted(batch.Header, aborted)) Take(batch.Header);
            else Clean(batch);
            _cursor = batch.Header.LastOffset + 1;
        }

        return batches.Bytes;
    }

    private void Clean(in StoredBatch batch)
    {
        ulong[]? released = Released(batch.Header);
        var records = new BatchRecords(batch.Bytes, isForClient: false);
        long dead = batch.Header.BaseOffset;
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
            if (anyDead) _dead.Add(dead, records.Offset);
            (dead, anyDead, anyLives) = (records.Offset + 1, false, true);
            _meetsTombstones |= records.ValueIsNull && records.Offset >= _from;
        }

        // What can't be read stays, and may be of any key and any transaction.
        _isDamaged |= records.Malformed;
        if (anyDead && !records.Malformed) _dead.Add(dead, batch.Header.LastOffset + 1);
        if (batch.Header.IsTransactional && (anyLives || records.Malformed)) _transactions.Add(batch.Header.ProducerId);
        records.Dispose();
    }

    private bool IsDead(in BatchRecords record) =>
        record.KeyIsNull || (record.ValueIsNull && MayClear(record.Offset)) || _latest.HasLater(record.Key, record.Offset);

    private void CleanMarker(in StoredBatch batch)
    {
        bool hasRecords = _transactions.Remove(batch.Header.ProducerId);
        if (!hasRecords && MayClear(batch.Header.BaseOffset)) Take(batch.Header);
        else _meetsTombstones |= batch.Header.BaseOffset >= _from;
    }

    // Older records of its key may stand where nothing can be read.
    private bool MayClear(long offset) => offset < _clearedBelow && !_isDamaged;

    // What was released before may still stand there.
    private void Take(in RecordBatchHeader batch)
    {
        if (!Has(Released(batch), batch.LastOffsetDelta)) _dead.Add(batch.BaseOffset, batch.LastOffset + 1);
    }

    private ulong[]? Released(in RecordBatchHeader header)
    {
        LogStream stream = partition.Stream;
        if (!stream.HasReleasedAboveLow && stream.Low <= header.BaseOffset) return null;
        ulong[] released = new ulong[RecordBatchFilter.WordsOf(header)];
        host.Engine.CopyReleased(stream, header.BaseOffset, released);
        return released;
    }

    private static bool Has(ulong[]? released, long delta) => released is not null && (released[delta >> 6] >> (int)(delta & 63) & 1) != 0;

    // Passes over what is damaged, and ends the pass where it is only for now that nothing can be read.
    private BatchSet Read(long end)
    {
        BatchSet batches = host.Engine.ReadBatches(partition.Stream, _cursor, end, TopicLimits.CompactionReadBytes);
        if (batches.Count > 0) return batches;
        if (batches.State == StoredRecordState.Unreadable) Leave();
        else _cursor = batches.State == StoredRecordState.Damaged ? batches.UnreadableEnd : end;
        _isDamaged |= batches.State == StoredRecordState.Damaged;
        return batches;
    }

    private AbortedTransaction[] Aborted(BatchSet batches) => batches.Count > 0 && partition.State.Aborted is { } aborted
        ? aborted.Between(batches[0].Header.BaseOffset, batches[batches.Count - 1].Header.LastOffset + 1)
        : [];

    private async ValueTask ReleaseAsync()
    {
        int count = Math.Min(_dead.Count, TopicLimits.CompactionRunsPerStepMax);
        await JournalAsync(PartitionEntries.Compacted(_entry, host.Clock.NowMs(), _dead.First(count)).Length);
        _dead.RemoveFirst(count);
    }

    private async ValueTask FinishAsync()
    {
        long now = host.Clock.NowMs();
        long step = Math.Max(1, _tombstoneMs / TopicLimits.TombstoneMarksPerTime);
        // Where something was damaged, tombstones have stayed that had their time: they get it once more, and not at once.
        long met = (now + (_isDamaged ? DamagedAgainMs : 0) + step - 1) / step * step;
        var progress = new CompactionProgress(_end, _meetsTombstones || _isDamaged ? met : 0, _clearedBelow);
        await JournalAsync(PartitionEntries.CompactedTo(_entry, now, progress).Length);
        _phase = Phase.Over;
    }

    private async ValueTask JournalAsync(int length)
    {
        int bytes = Command.StateBytes(length);
        using Admission admission = await host.Engine.AdmitStateAsync(bytes, CancellationToken.None);
        if (admission.IsRefused) Leave();
        else await Sequence(bytes, length);
    }

    // What is journaled is applied as a restart applies it.
    private ValueTask Sequence(int bytes, int length)
    {
        ValueTask synced;
        using (Command command = host.Engine.BeginCommand(bytes))
        {
            ReadOnlySpan<byte> entry = _entry.AsSpan(0, length);
            if (partition.Deleted || !partition.Topic!.Definition.IsCompacted)
            {
                Leave();
            }
            else
            {
                command.AppendState(partition.Stream, entry);
                PartitionEntries.Apply(partition.State, entry);
            }

            synced = command.Commit();
        }

        return synced;
    }

    // It can't go on; what it has done so far is done.
    private void Leave() => (_phase, HasMore) = (Phase.Over, false);
}
