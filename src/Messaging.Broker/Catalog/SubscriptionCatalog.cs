using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Topics;

namespace Messaging.Broker.Catalog;

/// <summary>
/// The embedded catalog's part that speaks of subscriptions: in memory, by entries of the system stream and its snapshot, which both have a topic before its subscriptions. Guarded by the
/// sequencer, or by recovery.
/// </summary>
internal sealed class SubscriptionCatalog(TopicDirectory topics)
{
    public SubscriptionDirectory Subscriptions { get; } = new();

    /// <summary>There is, or was, one that gets notifications.</summary>
    public bool HasEnveloped { get; private set; }

    /// <summary>The latest time of a change: no later start is earlier.</summary>
    public long LastModifiedMs { get; private set; }

    public void ApplyPut(SubscriptionRecord record)
    {
        LastModifiedMs = Math.Max(LastModifiedMs, record.ModifiedMs);
        HasEnveloped |= !record.Definition.Raw;
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
            Subscriptions.Define(subscription, record.Definition);
            topic.Changed(subscription);
        }
    }

    public void ApplyDeleted(long number)
    {
        if (!Subscriptions.TryGet(number, out LiveSubscription? subscription)) return;
        Subscriptions.Remove(subscription);
        TopicOf(subscription.Key).Removed(subscription);
    }

    public void ApplyPaused(long number, bool isPaused)
    {
        if (!Subscriptions.TryGet(number, out LiveSubscription? subscription) || subscription.Paused == isPaused) return;
        subscription.Paused = isPaused;
        TopicOf(subscription.Key).Changed(subscription);
    }

    /// <summary>Its topic's end is the end of a subscription.</summary>
    public void ApplyTopicDeleted(in TopicKey topic) => Subscriptions.RemoveTopic(topic);

    public void Write(ref BufferEntryWriter writer)
    {
        writer.Unsigned(Subscriptions.Count);
        foreach (LiveSubscription subscription in Subscriptions.All)
        {
            SubscriptionRecord.Of(subscription).Write(ref writer);
            writer.Unsigned(subscription.Paused ? 1 : 0);
        }
    }

    public void Restore(ref EntryReader reader)
    {
        for (long left = reader.Unsigned(); left > 0; left--)
        {
            SubscriptionRecord record = SubscriptionRecord.Read(ref reader);
            ApplyPut(record);
            ApplyPaused(record.Number, reader.Int32() != 0);
        }
    }

    private TopicSubscriptions TopicOf(in SubscriptionKey key)
    {
        bool isThere = topics.TryGet(key.Topic, out LiveTopic? topic);
        Invariant.Check(isThere, "A subscription of the catalog has no topic.");
        return topic!.Subscriptions;
    }
}
