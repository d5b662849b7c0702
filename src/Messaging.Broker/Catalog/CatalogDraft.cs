using Messaging.Broker.Copies;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Topics;

namespace Messaging.Broker.Catalog;

/// <summary>What one change does to the catalog, while it is decided.</summary>
internal sealed class CatalogDraft(QueueDirectory queues, TopicDirectory topics, SubscriptionDirectory subscriptions, long version, long nowMs)
{
    private readonly List<CatalogRow> _rows = [];
    private readonly List<bool> _creates = [];
    private readonly List<ResourceKey> _needs = [];
    private readonly List<(TopicKey, SubscriptionTarget)> _targets = [];

    public IReadOnlyList<CatalogRow> Rows => _rows;

    /// <summary>Per row, whether it creates what it names.</summary>
    public IReadOnlyList<bool> Creates => _creates;

    /// <summary>Upper bound of what the rows append to the journal.</summary>
    public int Bytes { get; private set; }

    /// <summary>Whether it is right may depend on what other queues there are: a dead-letter queue is named, or a queue goes that may be one.</summary>
    public bool IsLinked { get; private set; }

    /// <summary>What it does not touch and what has to stay as it is, so that it is right: a subscription's topic, and the queues that it begins to name.</summary>
    public IReadOnlyList<ResourceKey> Needs => _needs;

    /// <summary>Targets that it gives to a topic's subscriptions, which no other one of the topic may have.</summary>
    public IReadOnlyList<(TopicKey, SubscriptionTarget)> Targets => _targets;

    /// <summary>Queues that there will be.</summary>
    public required int QueueCount { get; set; }

    /// <summary>Partitions that all topics will have.</summary>
    public required int PartitionCount { get; set; }

    /// <summary>Subscriptions that come with it, and with the changes before it that are not made yet.</summary>
    public required int SubscriptionsComing { get; set; }

    private long NextVersion => version + _rows.Count + 1;

    public BrokerError? Decide(QueueChange change)
    {
        queues.TryGet(change.Key, out LiveQueue? queue);
        if (change.Define is null)
        {
            if (CatalogDecision.Delete(queue, change, queues.DeadLetters.Of(change.Key)) is { } refusal) return refusal;
            Delete(queue!);
            return null;
        }

        Result<QueueDefinition> defined = CatalogDecision.Put(queue, change, QueueCount, queues.DefinitionOf);
        if (defined.IsOk) Put(change.Key, queue, defined.Value);
        return defined.Error;
    }

    public BrokerError? Decide(TopicChange change)
    {
        topics.TryGet(change.Key, out LiveTopic? topic);
        if (change.Define is null)
        {
            if (change.WhyNotDeleted(topic) is { } refusal) return refusal;
            Delete(topic!);
            return null;
        }

        Result<TopicDefinition> defined = change.Decide(topic, PartitionCount);
        if (defined.IsOk) Put(change.Key, topic, defined.Value);
        return defined.Error;
    }

    public BrokerError? Decide(SubscriptionChange change)
    {
        if (change.Define is null)
        {
            subscriptions.TryGet(change.Key, out LiveSubscription? deleted);
            if (change.WhyNotDeleted(topics, deleted) is { } refusal) return refusal;
            Delete(deleted!);
            return null;
        }

        Result<SubscriptionDefinition> defined = change.Decide(queues, topics, subscriptions, SubscriptionsComing, out LiveSubscription? subscription);
        if (defined.IsOk) Put(change.Key, subscription, defined.Value);
        return defined.Error;
    }

    /// <summary>The queue is to be as defined, and new where it is null.</summary>
    public void Put(QueueKey key, LiveQueue? queue, QueueDefinition definition)
    {
        if (queue is null) QueueCount++;
        long next = NextVersion;
        IsLinked |= definition.DeadLetter is not null;
        Add(new CatalogRow.OfQueue(key, queue is null ? next : 0, next, IsDeleting: false, queue?.CreatedMs ?? nowMs, nowMs, definition), queue is null);
    }

    /// <summary>The topic is to be as defined, and new where it is null.</summary>
    public void Put(TopicKey key, LiveTopic? topic, TopicDefinition definition)
    {
        PartitionCount += definition.Partitions - (topic?.Definition.Partitions ?? 0);
        long next = NextVersion;
        var row = new CatalogRow.OfTopic(key, topic is null ? next : 0, next, IsDeleting: false, topic?.CreatedMs ?? nowMs, nowMs, definition);
        Add(row, topic is null, TopicJournal.PutBytesMax(key, topic, definition));
    }

    /// <summary>The subscription is to be as defined, and new where it is null.</summary>
    public void Put(SubscriptionKey key, LiveSubscription? subscription, SubscriptionDefinition definition)
    {
        SubscriptionDefinition? before = subscription?.Definition;
        _needs.Add(ResourceKey.Of(key.Topic));
        if (definition.Target != before?.Target)
        {
            _targets.Add((key.Topic, definition.Target));
            if (definition.Target is SubscriptionTarget.OfQueue target) _needs.Add(ResourceKey.Of(key.Beside(target.Queue)));
        }

        if (definition.DeadLetter is { } deadLetter && deadLetter != before?.DeadLetter) _needs.Add(ResourceKey.Of(key.Beside(deadLetter)));
        if (subscription is null) SubscriptionsComing++;
        long next = NextVersion;
        var row = new CatalogRow.OfSubscription(
            key, subscription is null ? next : 0, next, IsDeleting: false, subscription?.CreatedMs ?? nowMs, nowMs, definition);
        Add(row, subscription is null, SubscriptionJournal.PutBytesMax(key, definition) + CopyJournal.BeginBytesMax(topics, key.Topic, definition));
    }

    /// <summary>Deletes what is there, whoever uses it; false where it is not. A topic's subscriptions go with it.</summary>
    public bool TryDelete(in ResourceKey key)
    {
        if (key.Kind == ResourceKind.Queue && queues.TryGet(key.To<QueueKey>(), out LiveQueue? queue)) Delete(queue);
        else if (key.Kind == ResourceKind.Topic && topics.TryGet(key.To<TopicKey>(), out LiveTopic? topic)) Delete(topic);
        else if (key.Kind == ResourceKind.Subscription && subscriptions.TryGet(key.ToSubscription(), out LiveSubscription? subscription)) Delete(subscription);
        else return false;
        return true;
    }

    private void Delete(LiveQueue queue)
    {
        QueueCount--;
        IsLinked = true;
        Add(new CatalogRow.OfQueue(queue.Key, 0, NextVersion, IsDeleting: true, queue.CreatedMs, nowMs, queue.Definition!), creates: false);
    }

    private void Delete(LiveTopic topic)
    {
        int partitions = topic.Definition.Partitions;
        PartitionCount -= partitions;
        var row = new CatalogRow.OfTopic(topic.Key, 0, NextVersion, IsDeleting: true, topic.CreatedMs, nowMs, topic.Definition);
        Add(row, creates: false, TopicJournal.DeleteBytesMax(partitions, subscriptions.Of(topic.Key)?.StreamsMax ?? 0));
    }

    private void Delete(LiveSubscription subscription)
    {
        _needs.Add(ResourceKey.Of(subscription.Key.Topic));
        var row = new CatalogRow.OfSubscription(subscription.Key, 0, NextVersion, IsDeleting: true, subscription.CreatedMs, nowMs, subscription.Definition);
        Add(row, creates: false, SubscriptionJournal.DeleteBytesMax);
    }

    private void Add(CatalogRow.OfQueue row, bool creates) => Add(row, creates, CatalogJournal.BytesMax(row));

    private void Add(CatalogRow row, bool creates, int bytes)
    {
        _rows.Add(row);
        _creates.Add(creates);
        Bytes += bytes;
    }
}
