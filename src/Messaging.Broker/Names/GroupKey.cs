namespace Messaging.Broker.Names;

/// <summary>What names a consumer group on the whole server. A value.</summary>
public readonly record struct GroupKey(AccountId Account, NamespaceName Namespace, GroupName Name) : IResourceKey<GroupKey>
{
    string IResourceKey<GroupKey>.Text => Name.Value;

    static GroupKey IResourceKey<GroupKey>.At(AccountId account, NamespaceName space, string name) =>
        new(account, space, GroupName.TryParse(name, out GroupName parsed) ? parsed : default);

    /// <inheritdoc/>
    public override string ToString() => $"{Account}/{Namespace}/{Name}";
}
