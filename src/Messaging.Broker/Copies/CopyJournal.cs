using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Topics;
using Messaging.Storage;

namespace Messaging.Broker.Copies;

/// <summary>Starts and carries on copy tasks inside commands: the entry in the system stream and its effect, together.</summary>
internal sealed class CopyJournal(LogEngine engine, CopyTable tasks, TopicDirectory topics)
{
    /// <summary>Most of what <see cref="Commit"/> appends.</summary>
    public static readonly int CommitBytesMax = Command.StateBytes(1 + CopyTable.BytesMax(0));

    /// <summary>Most of what <see cref="Progress"/> appends.</summary>
    public static readonly int ProgressBytesMax = Command.StateBytes(1 + (2 * EntryWriter.VarintBytesMax));

    public CopyTable Tasks => tasks;

    /// <summary>Most of what <see cref="Begin"/> appends for a subscription that comes.</summary>
    public static int BeginBytesMax(TopicDirectory topics, in TopicKey topic, SubscriptionDefinition definition) =>
        definition.StartAt != SubscriptionStart.Now && topics.TryGet(topic, out LiveTopic? live) ? CopyAllBytesMax(live) : 0;

    /// <summary>Most of what is appended for a subscription that gets records of all partitions.</summary>
    public static int CopyAllBytesMax(LiveTopic topic) => topic.Partitions.Length * Command.StateBytes(1 + CopyTable.BytesMax(SubscriptionLimits.CopyOpenTransactionsMax));

    /// <summary>A subscription has come, and begins with records that are there. What is published from here on reaches it by itself.</summary>
    public void Begin(in Command command, LiveSubscription subscription)
    {
        SubscriptionStart start = subscription.Definition.StartAt;
        if (start != SubscriptionStart.Now) Copy(command, subscription, start, toMs: null, isReplay: false);
    }

    /// <summary>Why no transaction that has records in these partitions may be committed now: they would be more to copy than may wait. One alone may always.</summary>
    public BrokerError? JudgeCommit(IReadOnlyCollection<LivePartition> partitions)
    {
        if (tasks.CommittedCount == 0 || tasks.CommittedCount + partitions.Count <= SubscriptionLimits.CopyTasksMax) return null;
        int copied = partitions.Count(static partition => !partition.Deleted && IsCopied(partition));
        return copied > 0 && tasks.CommittedCount + copied > SubscriptionLimits.CopyTasksMax
            ? new BrokerError(ErrorCode.Overloaded, $"The records of {tasks.CommittedCount} transactions and partitions wait to be copied to subscriptions, as many as can; commit it again later.")
            : null;
    }

    /// <summary>A subscription is to get records again that are there.</summary>
    public void Replay(in Command command, LiveSubscription subscription, SubscriptionStart from, long? toMs) => Copy(command, subscription, from, toMs, isReplay: true);

    /// <summary>A transaction was committed that has records in the partition from an offset on; those who subscribe get them now.</summary>
    public void Commit(in Command command, LivePartition partition, long producerId, long from, long marker, long numberMax)
    {
        if (!IsCopied(partition)) return;
        Start(command, new CopyTask
        {
            Id = tasks.LastId + 1, StreamId = partition.Stream.Id, Cursor = from, End = marker, NumberMax = numberMax, ProducerId = producerId,
        });
    }

    /// <summary>The task has come to the offset; to its end: it is done.</summary>
    public void Progress(in Command command, CopyTask task, long cursor)
    {
        var writer = new EntryWriter(stackalloc byte[1 + (2 * EntryWriter.VarintBytesMax)]);
        writer.Byte((byte)CatalogEntryKind.CopyProgressed);
        writer.Unsigned(task.Id);
        writer.Unsigned(cursor);
        command.AppendState(engine.System, writer.Written);
        tasks.ApplyProgressed(task.Id, cursor);
    }

    private static bool IsCopied(LivePartition partition) => partition.Topic!.Subscriptions.Count > 0;

    private void Copy(in Command command, LiveSubscription subscription, SubscriptionStart start, long? toMs, bool isReplay)
    {
        if (!topics.TryGet(subscription.Key.Topic, out LiveTopic? topic)) return;
        foreach (LivePartition partition in topic.Partitions)
        {
            long from = start.Kind == SubscriptionStartKind.Earliest ? partition.Stream.Low : partition.Stream.FirstAtOrAfter(start.TimeMs) ?? partition.Stream.SyncedNext;
            long end = partition.Stream.Next;
            if (from >= end) continue;
            // Beyond the bound a transaction's records may come twice: when they are committed, too.
            OpenTransaction[] open = partition.State.Producers?.Open(SubscriptionLimits.CopyOpenTransactionsMax) ?? [];
            Start(command, new CopyTask
            {
                Id = tasks.LastId + 1, StreamId = partition.Stream.Id, Cursor = from, End = end, Subscription = subscription.Number, FromMs = start.TimeMs, ToMs = toMs ?? 0,
                IsReplay = isReplay, Open = open,
            });
        }
    }

    private void Start(in Command command, CopyTask task)
    {
        var writer = new EntryWriter(stackalloc byte[1 + CopyTable.BytesMax(SubscriptionLimits.CopyOpenTransactionsMax)]);
        writer.Byte((byte)CatalogEntryKind.CopyStarted);
        CopyTable.Write(ref writer, task);
        command.AppendState(engine.System, writer.Written);
        tasks.ApplyStarted(task);
    }
}
