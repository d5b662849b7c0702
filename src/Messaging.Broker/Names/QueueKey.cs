namespace Messaging.Broker.Names;

/// <summary>What names a queue on the whole server. A value.</summary>
public readonly record struct QueueKey(AccountId Account, NamespaceName Namespace, QueueName Name) : IResourceKey<QueueKey>
{
    string IResourceKey<QueueKey>.Text => Name.Value;

    static QueueKey IResourceKey<QueueKey>.At(AccountId account, NamespaceName space, string name) =>
        new(account, space, QueueName.TryParse(name, out QueueName parsed) ? parsed : default);

    /// <inheritdoc/>
    public override string ToString() => $"{Account}/{Namespace}/{Name}";
}
