namespace Messaging.Broker.Names;

/// <summary>What names a queue or a topic where both are meant. A value.</summary>
/// <param name="Kind">Queues and topics may have the same names.</param>
/// <param name="Account">Whose it is.</param>
/// <param name="Namespace">Of the account.</param>
/// <param name="Name">A legal name of that kind.</param>
public readonly record struct ResourceKey(ResourceKind Kind, AccountId Account, NamespaceName Namespace, string Name)
{
    /// <summary>That of a queue.</summary>
    public static ResourceKey Of(in QueueKey key) => new(ResourceKind.Queue, key.Account, key.Namespace, key.Name.Value);

    /// <summary>That of a topic.</summary>
    public static ResourceKey Of(in TopicKey key) => new(ResourceKind.Topic, key.Account, key.Namespace, key.Name.Value);

    /// <inheritdoc/>
    public override string ToString() => $"{(Kind == ResourceKind.Queue ? "queue" : "topic")} {Account}/{Namespace}/{Name}";

    /// <summary>As the key of its kind.</summary>
    internal TKey To<TKey>()
        where TKey : struct, IResourceKey<TKey> => TKey.At(Account, Namespace, Name);
}
