using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Topics;

namespace Messaging.Broker.Catalog;

/// <summary>What a document of definitions does to what is there, at one moment.</summary>
internal sealed class DefinitionsPlan
{
    private readonly List<EntryRefusal> _refusals = [];
    private readonly List<DefinitionChange> _changes = [];
    private readonly Dictionary<TopicKey, int> _subscriptionsCreated = [];
    private int _unchanged;

    /// <summary>Queues that it creates.</summary>
    public int QueuesCreated { get; private set; }

    /// <summary>Partitions that it adds, to topics that are there or new.</summary>
    public int PartitionsAdded { get; private set; }

    /// <summary>Subscriptions that it creates of this topic.</summary>
    public int SubscriptionsCreated(in TopicKey topic) => _subscriptionsCreated.GetValueOrDefault(topic);

    public bool IsSound => _refusals.Count == 0;

    /// <summary>Whether anything is to be written.</summary>
    public bool HasWork => IsSound && _changes.Count > 0;

    public IReadOnlyList<DefinitionChange> Changes => _changes;

    public void Refuse(ResourceKind kind, int entry, BrokerError error) => _refusals.Add(new EntryRefusal(kind, entry, error));

    public void Add(QueueKey key, LiveQueue? queue, QueueDefinition definition)
    {
        if (queue is null) QueuesCreated++;
        if (queue?.Definition == definition) _unchanged++;
        else _changes.Add(new DefinitionChange.OfQueue(key, queue?.Definition, definition));
    }

    public void Add(TopicKey key, LiveTopic? topic, TopicDefinition definition)
    {
        PartitionsAdded += definition.Partitions - (topic?.Definition.Partitions ?? 0);
        if (topic?.Definition == definition) _unchanged++;
        else _changes.Add(new DefinitionChange.OfTopic(key, topic?.Definition, definition));
    }

    public void Add(SubscriptionKey key, LiveSubscription? subscription, SubscriptionDefinition definition)
    {
        if (subscription is null) _subscriptionsCreated[key.Topic] = SubscriptionsCreated(key.Topic) + 1;
        if (subscription?.Definition == definition) _unchanged++;
        else _changes.Add(new DefinitionChange.OfSubscription(key, subscription?.Definition, definition));
    }

    public AppliedDefinitions ToAnswer(bool isApplied, long version) => new()
    {
        Refusals = _refusals,
        Changes = _changes,
        Unchanged = _unchanged,
        IsApplied = isApplied && IsSound,
        Version = version,
    };
}
