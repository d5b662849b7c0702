namespace Messaging.Broker.Names;

/// <summary>What names a topic on the whole server. A value.</summary>
public readonly record struct TopicKey(AccountId Account, NamespaceName Namespace, TopicName Name)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Account}/{Namespace}/{Name}";
}
