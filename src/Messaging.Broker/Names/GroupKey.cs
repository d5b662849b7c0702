namespace Messaging.Broker.Names;

/// <summary>What names a consumer group on the whole server. A value.</summary>
public readonly record struct GroupKey(AccountId Account, NamespaceName Namespace, GroupName Name)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Account}/{Namespace}/{Name}";
}
