using Messaging.Broker.Names;

namespace Messaging.Broker.Subscriptions;

/// <summary>Where a subscription's messages go: one of a closed set, compared by content. Immutable.</summary>
public abstract record SubscriptionTarget
{
    private SubscriptionTarget()
    {
    }

    /// <summary>A queue of the topic's account and namespace, found by its name whenever something is delivered.</summary>
    /// <param name="Queue">Its name; the default one is none, and refused.</param>
    public sealed record OfQueue(QueueName Queue) : SubscriptionTarget;
}
