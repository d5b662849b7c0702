namespace Messaging.Broker.Names;

/// <summary>What names a queue on the whole server. A value.</summary>
public readonly record struct QueueKey(AccountId Account, NamespaceName Namespace, QueueName Name)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Account}/{Namespace}/{Name}";
}
