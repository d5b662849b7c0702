using System.Buffers;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Records;
using Messaging.Broker.Subscriptions;
using Messaging.Storage;

namespace Messaging.Broker.FanOut;

/// <summary>
/// What one call publishes to a topic, on its way to the queues that subscribe to it: in the same command, and so in the same frame and before the answer. Which queues get what is found out outside of the
/// sequencer (<see cref="Match"/>); inside of it, whether that still holds (<see cref="IsStale"/>). A body stands in the frame once for all who get it in the same form, the topic's partition with them.
/// Used by one call; its memory is read until the commit has completed: dispose it then. Hot path.
/// </summary>
internal sealed class FanOutCall : IDisposable
{
    private readonly QueueHost _host;
    private readonly TopicSubscriptions _subscriptions;
    private readonly FanOutRecord[] _records;
    private readonly List<FanOutGroup> _groups = [];
    private readonly TargetFinder _finder;
    private readonly CopyBodies _bodies;
    private readonly bool _isOrdered;
    private readonly CopyScope _scope;
    private int _count;
    private bool _hasIds;

    private FanOutCall(QueueHost host, TopicSubscriptions subscriptions, TopicKey topic, int records, bool isOrdered, CopyScope scope)
    {
        (_host, _subscriptions, _isOrdered, _scope, Table) = (host, subscriptions, isOrdered, scope, subscriptions.Table);
        _finder = new TargetFinder(host, Table, topic, isOrdered, scope);
        _bodies = new CopyBodies(Table.Envelope);
        _records = ArrayPool<FanOutRecord>.Shared.Rent(records);
    }

    /// <summary>The subscriptions that were asked.</summary>
    public FanOutTable Table { get; }

    /// <summary>Upper bound of what the command appends for records that go to queues, and for the shared ones in their partitions too. After <see cref="Match"/>.</summary>
    public long Bytes { get; private set; }

    /// <summary>For at most so many records; null where nobody subscribes. <paramref name="isOrdered"/>: the topic is a FIFO one.</summary>
    public static FanOutCall? Begin(QueueHost host, TopicSubscriptions subscriptions, in TopicKey topic, int records, bool isOrdered, CopyScope scope = default) =>
        subscriptions.Table.IsEmpty ? null : new FanOutCall(host, subscriptions, topic, records, isOrdered, scope);

    /// <summary>Inside a command: whether what the call has found out no longer holds, so that it begins again.</summary>
    public static bool IsStale(TopicSubscriptions subscriptions, FanOutCall? call)
    {
        if (call is null) return !subscriptions.Table.IsEmpty;
        if (call._subscriptions.Table != call.Table) return true;
        foreach (FanOutGroup group in call._groups)
        {
            if (group.IsStale()) return true;
        }

        return call._finder.IsStale();
    }

    /// <summary>Inside a command, before anything is appended: a queue that remembers too much to tell what it has had.</summary>
    public BrokerError? Judge(long now)
    {
        if (!_hasIds) return null;
        foreach (FanOutGroup group in _groups)
        {
            if (group.FindFull(now) is { } full) return new BrokerError(ErrorCode.TooManyDeduplicationIds, $"The queue \"{full.Key.Name}\" remembers as many deduplication ids as it can.");
        }

        return null;
    }

    /// <summary>A record with its body as it is stored, which ends with an empty <see cref="PublishedPlace"/>; returns its number.</summary>
    public int Add(LogStream stream, Memory<byte> body, bool isShared)
    {
        _records[_count] = new FanOutRecord { Stream = stream, StreamId = stream.Id, Body = body, IsShared = isShared };
        return _count++;
    }

    /// <summary>
    /// The records of a whole batch that is going to stand in the partition: copies of them, since none of it is ours to write into. Returns why it can't be read; their numbers go on from
    /// <see cref="Count"/>.
    /// </summary>
    public BrokerError? AddBatch(LogStream stream, ReadOnlyMemory<byte> batch) => AddBatch(stream, batch, CopyRange.All);

    /// <summary>The same of some of the records.</summary>
    public BrokerError? AddBatch(LogStream stream, ReadOnlyMemory<byte> batch, CopyRange range)
    {
        var records = new BatchRecords(batch);
        while (records.MoveNext())
        {
            if (!range.Has(records.Offset, records.TimestampMs)) continue;
            long publishedMs = range.IsLate ? Math.Max(0, records.TimestampMs) : 0;
            var copied = new CopiedRecord(default, null) { PublishedMs = publishedMs, IsReplayed = range.IsReplay };
            int number = Add(stream, _bodies.Copy(copied, records.Body.Span), isShared: false);
            (_records[number].Offset, _records[number].PublishedMs) = (records.Offset - records.Header.BaseOffset, publishedMs);
        }

        BrokerError? refusal = records.Refusal;
        Invariant.Check(refusal is not null || !records.Malformed, "What is published was validated.");
        records.Dispose();
        return refusal;
    }

    /// <summary>A record that a subscription has gathered, with the place that it tells, and when it was published: by itself, or because it was stored then.</summary>
    public void AddGathered(LogStream gathering, in StoredRecord record, in RecordDecoder.Decoded decoded, MessagePlace place)
    {
        var copied = new CopiedRecord(default, null) { PublishedMs = decoded.PublishedMs > 0 ? 0 : record.TimestampMs };
        int number = Add(gathering, _bodies.Copy(copied, record.Body.Span), isShared: false);
        (_records[number].StreamId, _records[number].Offset, _records[number].PublishedMs) = (place.StreamId, place.Offset, decoded.PublishedAtMs(record.TimestampMs));
    }

    /// <summary>Outside of the sequencer, once all records were added: who gets what.</summary>
    public void Match()
    {
        FanOutGroup? last = null;
        for (int i = 0; i < _count; i++)
        {
            ref FanOutRecord record = ref _records[i];
            // Without filters all go the same way, which may be none.
            bool asks = i == 0 || Table.HasFilters || _scope.Only?.Policy is not null || _isOrdered || last is { HasIds: true };
            FanOutGroup? group = asks ? Find(i) : last;
            bool goesOn = !_isOrdered && last is { HasIds: false } && group is { HasIds: false } && Adjoins(i) && last.Count < BrokerLimits.CallEntriesMax && (group == last || group.IsSameAs(last));
            _hasIds |= group is { HasIds: true };
            if (goesOn) last!.Count++;
            else if (group is not null) _groups.Add(group = group == last ? Find(i)! : group);
            record.Group = goesOn ? last : group;
            if (record.Group is not null) record.Lane = LaneKey.OfKey(record.Body.Span);
            last = record.Group;
        }

        foreach (FanOutGroup group in _groups)
        {
            _bodies.Encode(_records, group);
            Bytes += CopyBodies.Measure(_records, group);
        }
    }

    /// <summary>Records so far.</summary>
    public int Count => _count;

    /// <summary>Whether the record stands in its partition by <see cref="Append"/>, and <see cref="Bytes"/> has room for it.</summary>
    public bool IsShared(int number) => _records[number] is { IsShared: true, Group: not null };

    /// <summary>Inside a command: stores a shared record, with all that go the same way, and returns its offset.</summary>
    public long Append(in Command command, int number, long now)
    {
        ref FanOutRecord record = ref _records[number];
        if (record.Group!.First == number) GroupAppender.Append(command, _host, _records, record.Group, now);
        return record.Offset;
    }

    /// <summary>Inside a command: a record that is not shared was appended to its partition.</summary>
    public void Appended(in Command command, int number, long offset, long now)
    {
        ref FanOutRecord record = ref _records[number];
        record.Offset = offset;
        PublishedPlace.Fill(record.Body.Span, record.StreamId, offset);
        if (record.Group is { } group && group.First + group.Count - 1 == number) GroupAppender.Append(command, _host, _records, group, now);
    }

    /// <summary>Inside a command: a whole batch was appended to its partition there, whose records have these numbers.</summary>
    public void AppendedBatch(in Command command, int first, int count, long baseOffset, long now)
    {
        for (int i = first; i < first + count; i++) Appended(command, i, baseOffset + _records[i].Offset, now);
    }

    /// <summary>Inside a command: all that were added by <see cref="AddGathered"/>.</summary>
    public void AppendGathered(in Command command, long now)
    {
        for (int i = 0; i < _count; i++) Appended(command, i, _records[i].Offset, now);
    }

    public void Dispose()
    {
        _bodies.Dispose();
        Array.Clear(_records, 0, _count);
        ArrayPool<FanOutRecord>.Shared.Return(_records);
    }

    private FanOutGroup? Find(int number) => _finder.Find(number, _records[number].Body.Span);

    private bool Adjoins(int number) => _records[number].Stream == _records[number - 1].Stream && _records[number].IsShared == _records[number - 1].IsShared;
}
