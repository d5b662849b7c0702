using Messaging.Broker.Topics;
using Messaging.Simulation.Harness;

namespace Messaging.Simulation.Topics;

/// <summary>
/// What clients know of one partition over all crashes: what was answered or seen stays, at its offset, until a rule lets it go. Judges every fetch
/// (engine.md section 10).
/// </summary>
internal sealed class PartitionLedger(TopicLedger topic, int number)
{
    private readonly SortedDictionary<long, SentRecord> _known = [];
    private readonly List<SentRecord> _sent = [];
    private PartitionOffsets _told;

    public int Number => number;

    public IReadOnlyList<SentRecord> Sent => _sent;

    public PartitionOffsets Told => _told;

    /// <summary>Somebody has asked to drop what is below.</summary>
    public long TrimAsked { get; set; }

    /// <summary>Where it began when it was last looked at.</summary>
    public long Begin { get; private set; }

    /// <summary>A trim was answered.</summary>
    public void Trimmed(long low) => _told = _told with { Low = Math.Max(_told.Low, low) };

    public void Send(IEnumerable<SentRecord> records) => _sent.AddRange(records);

    /// <summary>The record is there, as an answer or a fetch says: stored once, at one offset for ever.</summary>
    public void Know(SentRecord record, long offset)
    {
        Check(!record.IsForbidden, $"{record} of a fenced producer is nowhere, and not at {offset}");
        Check(!record.IsNowhere, $"{record} was refused or lost, and not at {offset}");
        Check(record.Offset is null || record.Offset == offset, $"{record} is stored once, and not at {offset} too");
        Check(_known.TryAdd(offset, record) || _known[offset] == record, $"offset {offset} has {_known[offset]} for ever, and not {record}");
        record.Offset = offset;
    }

    /// <summary>After a recovery, when all has been read: what nobody has seen was never stored. A tombstone may have gone already.</summary>
    public void Settle()
    {
        foreach (SentRecord record in _sent)
        {
            record.IsNowhere |= record.Offset is null && !record.IsTombstone;
        }
    }

    /// <summary>Compaction has done all that it can: of what it may touch, of each key only the latest record is there.</summary>
    public void JudgeCompacted(FetchedRecords all)
    {
        long head = all.BatchCount == 0 ? 0 : all.VisibleAt(all.BatchCount - 1).Header.BaseOffset;
        long limit = Math.Min(head, all.Offsets.LastStable);
        HashSet<long> shown = [];
        FetchedRecordReader reader = all.Read();
        while (reader.MoveNext())
        {
            shown.Add(reader.Offset);
        }

        reader.Dispose();
        foreach (long offset in shown.Where(offset => offset < limit))
        {
            SentRecord? later = _known.Values.FirstOrDefault(other => other.Key == _known[offset].Key && other.Offset > offset && other.Offset < limit && IsCommitted(other) && shown.Contains(other.Offset.Value));
            Check(later is null, $"compaction takes {_known[offset]} out, since there is {later}");
            Check(_known[offset].Key is not null && _known[offset].Transaction?.Ending != Ending.Aborted, $"compaction takes {_known[offset]} out");
        }
    }

    /// <summary><paramref name="before"/>: what was told when the fetch was asked. One that was asked later may have been answered before.</summary>
    public void Judge(PartitionOffsets before, long asked, Isolation isolation, FetchedRecords fetched, long now, bool isRotten)
    {
        JudgeOffsets(before, fetched.Offsets, now, isRotten);
        long end = isolation == Isolation.ReadCommitted ? fetched.Offsets.LastStable : fetched.Offsets.HighWatermark;
        HashSet<long> shown = [];
        long last = asked - 1;
        FetchedRecordReader reader = fetched.Read();
        while (reader.MoveNext())
        {
            // A batch in which the last stable offset stands is shown as a whole: records of transactions are in batches of their own.
            Check(reader.Offset > last && reader.Offset < fetched.Offsets.HighWatermark, $"offsets of a fetch rise from {asked} to {end}: {last}, {reader.Offset}");
            last = reader.Offset;
            shown.Add(last);
            JudgeRecord(reader, isolation);
        }

        Check(reader.Error is null, $"what is stored can be read: {reader.Error?.Detail}");
        reader.Dispose();
        // All that it has read may have been taken out by compaction meanwhile.
        long next = fetched.BytesRead > 0 ? Math.Min(end, fetched.NextOffset) : end;
        Check(fetched.BytesRead == 0 || fetched.NextOffset > asked, "a fetch that has read something goes on behind it");
        foreach (SentRecord record in _known.Values.Where(record => record.Offset >= Math.Max(asked, fetched.Offsets.Low) && record.Offset < next && !shown.Contains(record.Offset.Value)))
        {
            Check(isRotten || MayBeAway(record, isolation, now), $"{record} of {topic}/{number}, sent at {record.SentMs}, is there for who reads {isolation} from {asked} to {next} at {now}");
        }
    }

    private void JudgeOffsets(in PartitionOffsets before, in PartitionOffsets offsets, long now, bool isRotten)
    {
        Check(offsets.Low >= before.Low && offsets.HighWatermark >= before.HighWatermark && offsets.LastStable >= before.LastStable, $"no end of {topic}/{number} goes back: {before}, {offsets}");
        Check(offsets.Low <= offsets.LastStable && offsets.LastStable <= offsets.HighWatermark, $"the ends of a partition are in order: {offsets}");
        long low = offsets.Low;
        foreach (SentRecord record in _known.Values.Where(record => record.Offset >= _told.Low && record.Offset < low))
        {
            Check(isRotten || MayBeTrimmed(record, now), $"{record} of {topic}/{number}, sent at {record.SentMs}, is not trimmed at {now}: the partition begins at {low}");
        }

        SentRecord? open = _known.Values.FirstOrDefault(record => record.Offset >= low && record.Transaction is { Ending: Ending.Open } transaction && transaction.DueMs > now);
        Check(open is null || offsets.LastStable <= open.Offset, $"the last stable offset {offsets.LastStable} does not pass {open}");
        // Where it begins is told by who has trimmed it: a fetch may see that before it is synced.
        Begin = low;
        _told = new PartitionOffsets(
            _told.Low, Math.Max(_told.HighWatermark, offsets.HighWatermark), Math.Max(_told.LastStable, offsets.LastStable));
    }

    private void JudgeRecord(in FetchedRecordReader reader, Isolation isolation)
    {
        SentRecord? record = topic.Find(reader.Headers);
        Check(record is not null && _sent.Contains(record), $"only what was sent to the partition is at {reader.Offset}");
        Know(record!, reader.Offset);
        bool isWhole = reader.ValueIsNull == record!.IsTombstone && reader.Value.SequenceEqual(record.Value) && reader.KeyIsNull == record.Key is null
            && reader.Key.SequenceEqual(System.Text.Encoding.UTF8.GetBytes(record.Key ?? ""));
        Check(isWhole, $"{record} has the bytes that it was sent with");
        if (isolation == Isolation.ReadCommitted && record.Transaction is { } transaction)
        {
            Check(transaction.Ending is Ending.Unknown or Ending.Committed, $"{record} is not shown to who reads committed records");
            transaction.Ending = Ending.Committed;
        }
    }

    // A fetch that a deletion has overtaken finds nothing.
    private bool MayBeAway(SentRecord record, Isolation isolation, long now) =>
        topic.IsDoomed || (isolation == Isolation.ReadCommitted && !IsCommitted(record)) || (topic.IsCompacted && MayBeCompacted(record, now));

    private bool MayBeTrimmed(SentRecord record, long now) => record.Offset < TrimAsked || (topic.RetentionMs is { } kept && now - record.SentMs > kept);

    private bool MayBeCompacted(SentRecord record, long now)
    {
        if (record.Key is null || record.Transaction?.Ending is Ending.Aborted or Ending.Unknown)
        {
            return true;
        }

        if (record.Transaction is { Ending: Ending.Open, DueMs: var due } && due <= now)
        {
            return true;
        }

        return (record.IsTombstone && now - record.SentMs >= topic.TombstoneMs)
            || _sent.Exists(later => later != record && later.Key == record.Key && !later.IsNowhere && (later.Offset is null || later.Offset > record.Offset) && MayBeCommitted(later));
    }

    private static bool IsCommitted(SentRecord record) => record.Transaction is null or { Ending: Ending.Committed };

    private static bool MayBeCommitted(SentRecord record) => record.Transaction is null or { Ending: Ending.Committed or Ending.Unknown };

    private static void Check(bool condition, string expected) => SimulationException.Check(condition, expected);
}
