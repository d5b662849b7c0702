using Messaging.Broker.Deliveries;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Topics;

namespace Messaging.Broker.Catalog;

/// <summary>
/// The embedded catalog's part that speaks of subscriptions: in memory, by entries of the system stream and its snapshot, which both have a topic before its subscriptions. Guarded by the
/// sequencer, or by recovery.
/// </summary>
internal sealed class SubscriptionCatalog(TopicDirectory topics, QueueDirectory queues)
{
    private const int PausedFlag = 1, ConfirmedFlag = 2;

    // Whose streams have not come yet: recovery only.
    private readonly Dictionary<long, LiveSubscription> _unattached = [];

    public SubscriptionDirectory Subscriptions { get; } = new();

    /// <summary>There is, or was, one that gets notifications, or is asked whether it wants them.</summary>
    public bool HasEnveloped { get; private set; }

    /// <summary>The latest time of a change: no later start is earlier.</summary>
    public long LastModifiedMs { get; private set; }

    public void ApplyPut(SubscriptionRecord record)
    {
        LastModifiedMs = Math.Max(LastModifiedMs, record.ModifiedMs);
        HasEnveloped |= !record.Definition.Raw || record.Definition.Target.IsPushed;
        TopicSubscriptions topic = TopicOf(record.Key);
        bool isNew = !Subscriptions.TryGet(record.Number, out LiveSubscription? subscription);
        subscription ??= new LiveSubscription(record.Key, record.Number) { Definition = record.Definition };
        (subscription.Version, subscription.CreatedMs, subscription.ModifiedMs) = (record.Version, record.CreatedMs, record.ModifiedMs);
        if (isNew)
        {
            Subscriptions.Add(subscription);
            topic.Added(subscription);
        }
        else
        {
            if (subscription.Definition.Target != record.Definition.Target) Leave(subscription);
            Subscriptions.Define(subscription, record.Definition);
            topic.Changed(subscription);
        }
    }

    public void ApplyDeleted(long number)
    {
        if (!Subscriptions.TryGet(number, out LiveSubscription? subscription)) return;
        Subscriptions.Remove(subscription);
        Leave(subscription);
        TopicOf(subscription.Key).Removed(subscription);
    }

    public void ApplyPaused(long number, bool isPaused)
    {
        if (!Subscriptions.TryGet(number, out LiveSubscription? subscription) || subscription.Paused == isPaused) return;
        subscription.Paused = isPaused;
        TopicOf(subscription.Key).Changed(subscription);
    }

    public void ApplyConfirmed(long number)
    {
        if (!Subscriptions.TryGet(number, out LiveSubscription? subscription)) return;
        subscription.IsConfirmed = true;
        TopicOf(subscription.Key).Changed(subscription);
    }

    /// <summary>What is pushed to the subscription waits in that stream's queue.</summary>
    public void ApplyQueue(long number, long streamId)
    {
        if (!Subscriptions.TryGet(number, out LiveSubscription? subscription)) return;
        if (queues.TryGet(streamId, out LiveQueue? queue)) Enter(subscription, queue);
        else _unattached[streamId] = subscription;
    }

    /// <summary>A queue's stream has come, and may be one that was waited for.</summary>
    public void Attached(LiveQueue queue)
    {
        if (_unattached.Remove(queue.Stream.Id, out LiveSubscription? subscription)) Enter(subscription, queue);
    }

    /// <summary>After recovery.</summary>
    public void CheckWhole()
    {
        Invariant.Check(_unattached.Count == 0, "A delivery queue of the catalog has no stream.");
        foreach (LiveSubscription subscription in Subscriptions.All)
        {
            Invariant.Check(subscription.Definition.Target.IsPushed == subscription.DeliveryQueue is not null, "What is pushed has a delivery queue, and nothing else has one.");
        }
    }

    /// <summary>Its topic's end is the end of a subscription.</summary>
    public void ApplyTopicDeleted(in TopicKey topic)
    {
        foreach (LiveSubscription subscription in Subscriptions.Of(topic)?.All ?? []) Leave(subscription);
        Subscriptions.RemoveTopic(topic);
    }

    public void Write(ref BufferEntryWriter writer)
    {
        writer.Unsigned(Subscriptions.Count);
        foreach (LiveSubscription subscription in Subscriptions.All)
        {
            SubscriptionRecord.Of(subscription).Write(ref writer);
            writer.Unsigned((subscription.Paused ? PausedFlag : 0) + (subscription.IsConfirmed ? ConfirmedFlag : 0));
            writer.Unsigned(subscription.DeliveryQueue is { } queue ? queue.Stream.Id + 1 : 0);
        }
    }

    public void Restore(ref EntryReader reader)
    {
        for (long left = reader.Unsigned(); left > 0; left--)
        {
            SubscriptionRecord record = SubscriptionRecord.Read(ref reader);
            ApplyPut(record);
            int flags = reader.Int32();
            ApplyPaused(record.Number, (flags & PausedFlag) != 0);
            if ((flags & ConfirmedFlag) != 0) ApplyConfirmed(record.Number);
            long stream = reader.Unsigned();
            if (stream > 0) ApplyQueue(record.Number, stream - 1);
        }
    }

    private void Enter(LiveSubscription subscription, LiveQueue queue)
    {
        bool isThere = topics.TryGet(subscription.Key.Topic, out LiveTopic? topic);
        Invariant.Check(isThere, "A subscription of the catalog has no topic.");
        queue.Definition = DeliveryQueues.DefinitionOf(topic!.Definition.Type);
        queue.State.IsOrdered = queue.Definition.Type == QueueType.Fifo;
        queue.CreatedVersion = subscription.Number;
        (queue.Subscription, subscription.DeliveryQueue) = (subscription, queue);
    }

    // Its target is another one, or it goes: so does what waits for it, and what was agreed on.
    private void Leave(LiveSubscription subscription)
    {
        subscription.IsConfirmed = false;
        if (subscription.DeliveryQueue is not { } queue) return;
        subscription.DeliveryQueue = null;
        queues.Detach(queue.Stream.Id);
    }

    private TopicSubscriptions TopicOf(in SubscriptionKey key)
    {
        bool isThere = topics.TryGet(key.Topic, out LiveTopic? topic);
        Invariant.Check(isThere, "A subscription of the catalog has no topic.");
        return topic!.Subscriptions;
    }
}
