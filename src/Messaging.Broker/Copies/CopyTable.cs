using System.Diagnostics.CodeAnalysis;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Topics;

namespace Messaging.Broker.Copies;

/// <summary>The tasks that are not done, and their entries in the system stream. Subscriptions are told of how many they have. Guarded by the sequencer, or by recovery.</summary>
/// <remarks>
/// Varints, unsigned; <see cref="CatalogEntryKind"/> has the kinds:
/// <code>
/// CopyStarted    task
/// CopyProgressed id | cursor               done where that is the end
/// task: id | stream id | cursor | end | subscription | number max | producer id + 1, 0 for none | from ms | to ms | 1 a replay | count | (producer id, first offset)...
/// snapshot: last id | count | task...
/// </code>
/// </remarks>
internal sealed class CopyTable(SubscriptionDirectory subscriptions)
{
    /// <summary>Bytes of a task with so many open transactions, at most.</summary>
    public static int BytesMax(int open) => (11 + (2 * open)) * EntryWriter.VarintBytesMax;

    private readonly Dictionary<long, CopyTask> _tasks = [];
    private readonly SortedSet<long> _ids = [];

    public long LastId { get; private set; }

    public int Count => _tasks.Count;

    /// <summary>Those of committed transactions.</summary>
    public int CommittedCount { get; private set; }

    /// <summary>The next ones behind that id, at most so many, in the order in which they came.</summary>
    public List<long> After(long id, int max) => [.. _ids.GetViewBetween(id + 1, long.MaxValue).Take(max)];

    public bool TryGet(long id, [NotNullWhen(true)] out CopyTask? task) => _tasks.TryGetValue(id, out task);

    public void ApplyStarted(CopyTask task)
    {
        LastId = Math.Max(LastId, task.Id);
        _tasks.Add(task.Id, task);
        _ids.Add(task.Id);
        if (task.ProducerId is not null) CommittedCount++;
        Tell(task, 1);
    }

    public void ApplyProgressed(long id, long cursor)
    {
        if (!_tasks.TryGetValue(id, out CopyTask? task)) return;
        task.Cursor = cursor;
        if (task.IsReplay && Of(task)?.Replay is { } replay) replay.HasBegun = true;
        if (cursor >= task.End) Remove(task);
    }

    /// <summary>The subscription is to get nothing again any more.</summary>
    public void ApplyReplayEnded(long subscription)
    {
        foreach (CopyTask task in _tasks.Values.Where(task => task.IsReplay && task.Subscription == subscription).ToArray()) Remove(task);
    }

    public void Write(ref BufferEntryWriter writer)
    {
        writer.Unsigned(LastId);
        writer.Unsigned(_tasks.Count);
        Span<byte> bytes = stackalloc byte[BytesMax(SubscriptionLimits.CopyOpenTransactionsMax)];
        foreach (long id in _ids)
        {
            var entry = new EntryWriter(bytes);
            Write(ref entry, _tasks[id]);
            writer.Raw(entry.Written);
        }
    }

    public void Restore(ref EntryReader reader)
    {
        LastId = reader.Unsigned();
        for (long left = reader.Unsigned(); left > 0; left--) ApplyStarted(Read(ref reader));
    }

    public static void Write(ref EntryWriter writer, CopyTask task)
    {
        writer.Unsigned(task.Id);
        writer.Unsigned(task.StreamId);
        writer.Unsigned(task.Cursor);
        writer.Unsigned(task.End);
        writer.Unsigned(task.Subscription);
        writer.Unsigned(task.NumberMax);
        writer.Unsigned((task.ProducerId ?? -1) + 1);
        writer.Unsigned(task.FromMs);
        writer.Unsigned(task.ToMs);
        writer.Unsigned(task.IsReplay ? 1 : 0);
        writer.Unsigned(task.Open.Count);
        foreach (OpenTransaction open in task.Open)
        {
            writer.Unsigned(open.ProducerId);
            writer.Unsigned(open.From);
        }
    }

    public static CopyTask Read(ref EntryReader reader)
    {
        (long id, long streamId, long cursor, long end) = (reader.Unsigned(), reader.Unsigned(), reader.Unsigned(), reader.Unsigned());
        (long subscription, long numberMax, long producer, long from) = (reader.Unsigned(), reader.Unsigned(), reader.Unsigned(), reader.Unsigned());
        (long to, bool isReplay) = (reader.Unsigned(), reader.Unsigned() != 0);
        long count = reader.Unsigned();
        if (count is < 0 or > SubscriptionLimits.CopyOpenTransactionsMax) throw EntryReader.Malformed();
        var open = new OpenTransaction[count];
        for (int i = 0; i < open.Length; i++) open[i] = new OpenTransaction(reader.Unsigned(), reader.Unsigned());
        return new CopyTask
        {
            Id = id, StreamId = streamId, Cursor = cursor, End = end, Subscription = subscription, NumberMax = numberMax, ProducerId = producer == 0 ? null : producer - 1, FromMs = from, ToMs = to,
            IsReplay = isReplay, Open = open,
        };
    }

    private void Remove(CopyTask task)
    {
        _tasks.Remove(task.Id);
        _ids.Remove(task.Id);
        if (task.ProducerId is not null) CommittedCount--;
        Tell(task, -1);
    }

    private void Tell(CopyTask task, int change)
    {
        if (Of(task) is not { } subscription) return;
        if (!task.IsReplay) subscription.CopiesLeft += change;
        else if (subscription.Replay is { } replay) replay.Left += change;
    }

    private LiveSubscription? Of(CopyTask task) => task.Subscription > 0 && subscriptions.TryGet(task.Subscription, out LiveSubscription? subscription) ? subscription : null;
}
