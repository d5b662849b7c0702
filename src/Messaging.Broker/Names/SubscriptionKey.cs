namespace Messaging.Broker.Names;

/// <summary>What names a subscription on the whole server: its topic, and a name among that topic's subscriptions. A value.</summary>
public readonly record struct SubscriptionKey(TopicKey Topic, SubscriptionName Name)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Topic}/{Name}";

    /// <summary>The queue of this name beside the topic: the same account and namespace.</summary>
    internal QueueKey Beside(QueueName queue) => new(Topic.Account, Topic.Namespace, queue);
}
