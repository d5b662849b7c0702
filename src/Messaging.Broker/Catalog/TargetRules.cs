using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Topics;

namespace Messaging.Broker.Catalog;

/// <summary>
/// What a subscription's definition must be true of beside itself. Pure functions: whoever changes one, or many at once, asks with what will be there afterwards.
/// </summary>
internal static class TargetRules
{
    /// <summary>
    /// The first rule that the definition breaks, or null. <paramref name="find"/> gives null for a queue that is not there. That a queue has gone which the definition named
    /// <paramref name="before"/> is in nobody's way.
    /// </summary>
    public static BrokerError? Check(
        in SubscriptionKey key, SubscriptionDefinition definition, SubscriptionDefinition? before, TopicDefinition topic, Func<QueueKey, QueueDefinition?> find)
    {
        if (before is not null && before.StartAt != definition.StartAt) return new BrokerError(ErrorCode.Immutable, "Where a subscription began can't change.", "startAt");
        return (definition.Target == before?.Target ? null : CheckTarget(key, definition.Target, topic, find))
            ?? (definition.DeadLetter is not { } deadLetter || deadLetter == before?.DeadLetter ? null : CheckQueue(key.Beside(deadLetter), topic, find, "deadLetter.queue"));
    }

    /// <summary>Why another subscription forbids the target: it has it already, and does not leave it; null where none does.</summary>
    public static BrokerError? CheckFree(in SubscriptionKey key, SubscriptionTarget target, SubscriptionTable? table, Predicate<LiveSubscription>? leaves = null)
    {
        for (LiveSubscription? other = table?.FirstOf(target); other is not null; other = other.SameTarget)
        {
            if (other.Key != key && leaves?.Invoke(other) != true) return InUse(other.Key.Name);
        }

        return null;
    }

    public static BrokerError InUse(SubscriptionName other) =>
        new(ErrorCode.TargetInUse, $"The subscription \"{other}\" of the topic has this target already.", "target");

    /// <summary>Why there can't be one more of the topic's where others are <paramref name="coming"/>; null where there can.</summary>
    public static BrokerError? CheckRoom(SubscriptionDirectory subscriptions, SubscriptionTable? table, int coming)
    {
        if ((table?.Count ?? 0) + coming >= SubscriptionLimits.SubscriptionsPerTopicMax)
        {
            return new BrokerError(ErrorCode.TooManySubscriptions, $"A topic has at most {SubscriptionLimits.SubscriptionsPerTopicMax} subscriptions.");
        }

        return subscriptions.Count + coming < SubscriptionLimits.SubscriptionsMax
            ? null
            : new BrokerError(ErrorCode.TooManySubscriptions, $"The server has at most {SubscriptionLimits.SubscriptionsMax} subscriptions.");
    }

    /// <summary>Why there can't be one more of the topic's that is pushed; null where there can, or the target is none, or was one before.</summary>
    public static BrokerError? CheckPushRoom(SubscriptionTable? table, SubscriptionTarget target, SubscriptionTarget? before) =>
        !target.IsPushed || before is { IsPushed: true } || (table?.StreamCount ?? 0) < SubscriptionLimits.StreamsPerTopicMax
            ? null
            : TooManyStreams();

    /// <summary>Why one of the topic's can't begin to gather; null where it can.</summary>
    public static BrokerError? CheckGatherRoom(SubscriptionTable table) => table.StreamCount < SubscriptionLimits.StreamsPerTopicMax ? null : TooManyStreams();

    private static BrokerError TooManyStreams() =>
        new(ErrorCode.TooManySubscriptions, $"A topic has at most {SubscriptionLimits.StreamsPerTopicMax} subscriptions that are pushed, or paused.");

    private static BrokerError? CheckTarget(in SubscriptionKey key, SubscriptionTarget target, TopicDefinition topic, Func<QueueKey, QueueDefinition?> find) =>
        target is SubscriptionTarget.OfQueue queue ? CheckQueue(key.Beside(queue.Queue), topic, find, "target.queue") : null;

    private static BrokerError? CheckQueue(in QueueKey key, TopicDefinition topic, Func<QueueKey, QueueDefinition?> find, string field)
    {
        if (find(key) is not { } queue) return QueueHost.QueueNotFound(key) with { Field = field };
        return queue.Type == QueueType.Fifo && topic.Type != TopicType.Fifo
            ? new BrokerError(ErrorCode.InvalidValue, $"The queue \"{key.Name}\" is FIFO, and the topic is not: only a FIFO topic can keep its order.", field)
            : null;
    }
}
