using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Topics;

namespace Messaging.Broker.Catalog;

/// <summary>What a change of the catalog asks for one subscription.</summary>
/// <param name="Key">The subscription.</param>
/// <param name="Define">Its definition after the change, of the one before or of null; null deletes the subscription.</param>
/// <param name="Precondition">What must hold.</param>
internal sealed record SubscriptionChange(SubscriptionKey Key, Func<LiveSubscription?, Result<SubscriptionDefinition>>? Define, Precondition Precondition)
{
    /// <summary>
    /// The definition after the change, or why there is none, where <paramref name="coming"/> others come with it. Pure but for what it looks at. The precondition comes before all that
    /// depends on the definition that is there.
    /// </summary>
    public Result<SubscriptionDefinition> Decide(QueueDirectory queues, TopicDirectory topics, SubscriptionDirectory subscriptions, int coming, out LiveSubscription? subscription)
    {
        subscriptions.TryGet(Key, out subscription);
        if (!topics.TryGet(Key.Topic, out LiveTopic? topic)) return TopicHost.TopicNotFound(Key.Topic);
        if (subscription is not null && Precondition.Check(subscription.Version) is { } changed) return changed;
        Result<SubscriptionDefinition> defined = Define!(subscription);
        if (!defined.IsOk) return defined;
        if (subscription is null && Precondition.Check(null) is { } missing) return missing;
        SubscriptionTable? table = subscriptions.Of(Key.Topic);
        BrokerError? forbidden = TargetRules.Check(Key, defined.Value, subscription?.Definition, topic.Definition, queues.DefinitionOf)
            ?? TargetRules.CheckFree(Key, defined.Value.Target, table)
            ?? TargetRules.CheckPushRoom(table, defined.Value.Target, subscription?.Definition.Target)
            ?? (subscription is null ? TargetRules.CheckRoom(subscriptions, table, coming) : null);
        return forbidden is null ? defined : forbidden;
    }

    /// <summary>Why the subscription is not deleted.</summary>
    public BrokerError? WhyNotDeleted(TopicDirectory topics, LiveSubscription? subscription) =>
        subscription is null ? NotFound(topics, Key) : Precondition.Check(subscription.Version);

    /// <summary>There is none of this name, or there is not even its topic.</summary>
    public static BrokerError NotFound(TopicDirectory topics, in SubscriptionKey key) => topics.TryGet(key.Topic, out _)
        ? new BrokerError(ErrorCode.SubscriptionNotFound, $"The topic \"{key.Topic.Name}\" has no subscription \"{key.Name}\".")
        : TopicHost.TopicNotFound(key.Topic);
}
