namespace Messaging.Broker.Names;

/// <summary>What names a queue, a topic or a subscription where any of them is meant. A value.</summary>
/// <param name="Kind">Those of different kinds may have the same names.</param>
/// <param name="Account">Whose it is.</param>
/// <param name="Namespace">Of the account.</param>
/// <param name="Name">A legal name of that kind.</param>
public readonly record struct ResourceKey(ResourceKind Kind, AccountId Account, NamespaceName Namespace, string Name)
{
    /// <summary>Of a subscription its topic's name; else null.</summary>
    public string? Topic { get; private init; }

    /// <summary>That of a queue.</summary>
    public static ResourceKey Of(in QueueKey key) => new(ResourceKind.Queue, key.Account, key.Namespace, key.Name.Value);

    /// <summary>That of a topic.</summary>
    public static ResourceKey Of(in TopicKey key) => new(ResourceKind.Topic, key.Account, key.Namespace, key.Name.Value);

    /// <summary>That of a subscription.</summary>
    public static ResourceKey Of(in SubscriptionKey key) =>
        new(ResourceKind.Subscription, key.Topic.Account, key.Topic.Namespace, key.Name.Value) { Topic = key.Topic.Name.Value };

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        ResourceKind.Queue => $"queue {Account}/{Namespace}/{Name}",
        ResourceKind.Topic => $"topic {Account}/{Namespace}/{Name}",
        ResourceKind.Subscription => $"subscription {Account}/{Namespace}/{Topic}/{Name}",
    };

    /// <summary>As the key of its kind, a queue's or a topic's.</summary>
    internal TKey To<TKey>()
        where TKey : struct, IResourceKey<TKey> => TKey.At(Account, Namespace, Name);

    /// <summary>As a subscription's key.</summary>
    internal SubscriptionKey ToSubscription()
    {
        _ = TopicName.TryParse(Topic, out TopicName topic);
        _ = SubscriptionName.TryParse(Name, out SubscriptionName name);
        return new SubscriptionKey(new TopicKey(Account, Namespace, topic), name);
    }
}
