using System.Buffers;
using Messaging.Broker.Copies;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Topics;

namespace Messaging.Broker.Catalog;

/// <summary>
/// A document of definitions before it is applied: judged by itself when it is made, outside of the sequencer; against what is there by
/// <see cref="Judge"/>. The order of its entries does not matter: each is judged against all of them. Immutable.
/// </summary>
internal sealed class ProposedDefinitions
{
    private readonly ProposedEntries<QueueKey, QueueDefinition> _queues;
    private readonly ProposedEntries<TopicKey, TopicDefinition> _topics;
    private readonly ProposedEntries<SubscriptionKey, SubscriptionDefinition> _subscriptions;

    public ProposedDefinitions(DefinitionsDocument document)
    {
        _queues = new ProposedEntries<QueueKey, QueueDefinition>("queue", document.Queues.Select(Own), static key => MissingOf(key.Name.Value), static definition => definition.Validate());
        _topics = new ProposedEntries<TopicKey, TopicDefinition>("topic", document.Topics.Select(Own), static key => MissingOf(key.Name.Value), static definition => definition.Validate());
        _subscriptions = new ProposedEntries<SubscriptionKey, SubscriptionDefinition>(
            "subscription",
            document.Subscriptions.Select(Own),
            static key => key.Topic.Name.Value.Length == 0 ? "topic" : MissingOf(key.Name.Value),
            static definition => definition.Validate());
        Bytes = Measure(_queues) + Measure(_topics) + Measure(_subscriptions);
    }

    /// <summary>Most of what all of it appends, whatever of it is there already: what is too large today is not applied by chance tomorrow.</summary>
    public long Bytes { get; }

    /// <summary>The same with what its subscriptions begin with, as things are.</summary>
    public long BytesWith(TopicDirectory topics)
    {
        long bytes = Bytes;
        for (int place = 0; place < _subscriptions.Count; place++)
        {
            (SubscriptionKey key, SubscriptionDefinition? definition) = _subscriptions[place];
            if (_subscriptions.RefusalOf(place) is null && definition is not null) bytes += CopyJournal.BeginBytesMax(topics, key.Topic, definition);
        }

        return bytes;
    }

    /// <summary>What it names.</summary>
    public IReadOnlyCollection<ResourceKey> Keys =>
        [.. _queues.Keys.Select(static key => ResourceKey.Of(key)), .. _topics.Keys.Select(static key => ResourceKey.Of(key)), .. _subscriptions.Keys.Select(static key => ResourceKey.Of(key))];

    /// <summary>Whether the document names the queue; with a null definition where that could not be read.</summary>
    public bool Names(in QueueKey key, out QueueDefinition? definition) => _queues.Names(key, out definition);

    /// <summary>What it changes, and what forbids that. Where what is there stays so until it is applied: inside the sequencer, or by the <see cref="CatalogWriter"/>.</summary>
    public DefinitionsPlan Judge(QueueDirectory queues, int queueCount, TopicDirectory topics, SubscriptionDirectory subscriptions)
    {
        var plan = new DefinitionsPlan();
        for (int place = 0; place < _queues.Count; place++)
        {
            (QueueKey key, QueueDefinition? definition) = _queues[place];
            queues.TryGet(key, out LiveQueue? queue);
            BrokerError? refusal = _queues.RefusalOf(place)
                ?? (definition is null ? null : CatalogDecision.Forbidden(queue, definition, queueCount + plan.QueuesCreated) ?? DeadLetterRules.Check(key, definition, queue?.Definition, Find));
            if (refusal is not null) plan.Refuse(ResourceKind.Queue, place, refusal);
            else if (definition is not null) plan.Add(key, queue, definition);
        }

        for (int place = 0; place < _topics.Count; place++)
        {
            (TopicKey key, TopicDefinition? definition) = _topics[place];
            topics.TryGet(key, out LiveTopic? topic);
            BrokerError? refusal = _topics.RefusalOf(place)
                ?? (definition is null ? null : TopicChange.Forbidden(topic, definition, topics.PartitionCount + plan.PartitionsAdded));
            if (refusal is not null) plan.Refuse(ResourceKind.Topic, place, refusal);
            else if (definition is not null) plan.Add(key, topic, definition);
        }

        JudgeSubscriptions(plan, topics, subscriptions, Find);
        return plan;

        // One of another type is refused, and no other one for its sake.
        QueueDefinition? Find(QueueKey key)
        {
            QueueDefinition? there = queues.DefinitionOf(key);
            return Names(key, out QueueDefinition? proposed) && proposed is not null && (there is null || there.Type == proposed.Type) ? proposed : there;
        }
    }

    // Against all queues and topics that there will be.
    private void JudgeSubscriptions(DefinitionsPlan plan, TopicDirectory topics, SubscriptionDirectory subscriptions, Func<QueueKey, QueueDefinition?> findQueue)
    {
        var targets = new Dictionary<(TopicKey, SubscriptionTarget), SubscriptionName>();
        for (int place = 0; place < _subscriptions.Count; place++)
        {
            (SubscriptionKey key, SubscriptionDefinition? definition) = _subscriptions[place];
            subscriptions.TryGet(key, out LiveSubscription? subscription);
            BrokerError? refusal = _subscriptions.RefusalOf(place) ?? (definition is null ? null : Forbidden(key, subscription, definition));
            if (refusal is not null) plan.Refuse(ResourceKind.Subscription, place, refusal);
            else if (definition is not null) plan.Add(key, subscription, definition);
        }

        BrokerError? Forbidden(in SubscriptionKey key, LiveSubscription? subscription, SubscriptionDefinition definition)
        {
            if (TopicOf(key.Topic, topics) is not { } topic) return TopicHost.TopicNotFound(key.Topic) with { Field = "topic" };
            if (TargetRules.Check(key, definition, subscription?.Definition, topic, findQueue) is { } wrong) return wrong;
            if (!targets.TryAdd((key.Topic, definition.Target), key.Name)) return TargetRules.InUse(targets[(key.Topic, definition.Target)]);
            SubscriptionTable? table = subscriptions.Of(key.Topic);
            return TargetRules.CheckFree(key, definition.Target, table, IsMoved)
                ?? TargetRules.CheckPushRoom(table, definition.Target, subscription?.Definition.Target)
                ?? (subscription is null ? TargetRules.CheckRoom(subscriptions, table, plan.SubscriptionsCreated(key.Topic)) : null);
        }

        bool IsMoved(LiveSubscription other) => _subscriptions.Names(other.Key, out SubscriptionDefinition? proposed) && proposed is not null && proposed.Target != other.Definition.Target;
    }

    private TopicDefinition? TopicOf(in TopicKey key, TopicDirectory topics)
    {
        topics.TryGet(key, out LiveTopic? topic);
        return _topics.Names(key, out TopicDefinition? proposed) && proposed is not null && (topic is null || topic.Definition.Type == proposed.Type)
            ? proposed
            : topic?.Definition;
    }

    private static string? MissingOf(string name) => name.Length == 0 ? "name" : null;

    private static (QueueKey Key, QueueDefinition? Definition) Own(QueueDefinitionEntry entry) =>
        (entry.Key, entry.Definition is { } definition ? DefineQueue.Own(definition) : null);

    private static (TopicKey Key, TopicDefinition? Definition) Own(TopicDefinitionEntry entry) =>
        (entry.Key, entry.Definition is { } definition ? DefineTopic.Own(definition) : null);

    private static (SubscriptionKey Key, SubscriptionDefinition? Definition) Own(SubscriptionDefinitionEntry entry) =>
        (entry.Key, entry.Definition is { } definition ? DefineSubscription.Own(definition) : null);

    private static long Measure(ProposedEntries<QueueKey, QueueDefinition> queues)
    {
        var scratch = new ArrayBufferWriter<byte>();
        long bytes = 0;
        for (int place = 0; place < queues.Count; place++)
        {
            (QueueKey key, QueueDefinition? definition) = queues[place];
            if (queues.RefusalOf(place) is null && definition is not null) bytes += CatalogJournal.BytesMax(key, definition, scratch);
        }

        return bytes;
    }

    // As if each were made: one that only grows appends less.
    private static long Measure(ProposedEntries<TopicKey, TopicDefinition> topics)
    {
        long bytes = 0;
        for (int place = 0; place < topics.Count; place++)
        {
            (TopicKey key, TopicDefinition? definition) = topics[place];
            if (topics.RefusalOf(place) is null && definition is not null) bytes += TopicJournal.PutBytesMax(key, null, definition);
        }

        return bytes;
    }

    private static long Measure(ProposedEntries<SubscriptionKey, SubscriptionDefinition> subscriptions)
    {
        long bytes = 0;
        for (int place = 0; place < subscriptions.Count; place++)
        {
            (SubscriptionKey key, SubscriptionDefinition? definition) = subscriptions[place];
            if (subscriptions.RefusalOf(place) is null && definition is not null) bytes += SubscriptionJournal.PutBytesMax(key, definition);
        }

        return bytes;
    }
}
