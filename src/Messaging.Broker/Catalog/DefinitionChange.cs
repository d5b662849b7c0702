using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Topics;

namespace Messaging.Broker.Catalog;

/// <summary>One queue, topic or subscription that is created or changed. Immutable.</summary>
public abstract record DefinitionChange
{
    /// <summary>What is created or changed.</summary>
    public abstract ResourceKey Key { get; }

    /// <summary>It was not there before.</summary>
    public abstract bool IsCreated { get; }

    /// <summary>The fields that change, or that what is new has otherwise than by default.</summary>
    public abstract IReadOnlyList<string> Fields { get; }

    /// <summary>Of a queue.</summary>
    /// <param name="Queue">The queue.</param>
    /// <param name="Before">Its definition so far; null where the queue is created.</param>
    /// <param name="After">Its definition from then on.</param>
    public sealed record OfQueue(QueueKey Queue, QueueDefinition? Before, QueueDefinition After) : DefinitionChange
    {
        /// <inheritdoc/>
        public override ResourceKey Key => ResourceKey.Of(Queue);

        /// <inheritdoc/>
        public override bool IsCreated => Before is null;

        /// <inheritdoc/>
        public override IReadOnlyList<string> Fields => DefinitionDifference.Of(Before ?? QueueDefinition.Default, After);
    }

    /// <summary>Of a topic.</summary>
    /// <param name="Topic">The topic.</param>
    /// <param name="Before">Its definition so far; null where the topic is created.</param>
    /// <param name="After">Its definition from then on.</param>
    public sealed record OfTopic(TopicKey Topic, TopicDefinition? Before, TopicDefinition After) : DefinitionChange
    {
        /// <inheritdoc/>
        public override ResourceKey Key => ResourceKey.Of(Topic);

        /// <inheritdoc/>
        public override bool IsCreated => Before is null;

        /// <inheritdoc/>
        public override IReadOnlyList<string> Fields => TopicDifference.Of(Before ?? TopicDefinition.Default, After);
    }

    /// <summary>Of a subscription.</summary>
    /// <param name="Subscription">The subscription.</param>
    /// <param name="Before">Its definition so far; null where the subscription is created.</param>
    /// <param name="After">Its definition from then on.</param>
    public sealed record OfSubscription(SubscriptionKey Subscription, SubscriptionDefinition? Before, SubscriptionDefinition After) : DefinitionChange
    {
        /// <inheritdoc/>
        public override ResourceKey Key => ResourceKey.Of(Subscription);

        /// <inheritdoc/>
        public override bool IsCreated => Before is null;

        /// <inheritdoc/>
        public override IReadOnlyList<string> Fields => SubscriptionDifference.Of(Before ?? SubscriptionDefinition.Default, After);
    }
}
