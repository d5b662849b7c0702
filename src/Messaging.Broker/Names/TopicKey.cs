namespace Messaging.Broker.Names;

/// <summary>What names a topic on the whole server. A value.</summary>
public readonly record struct TopicKey(AccountId Account, NamespaceName Namespace, TopicName Name) : IResourceKey<TopicKey>
{
    string IResourceKey<TopicKey>.Text => Name.Value;

    static TopicKey IResourceKey<TopicKey>.At(AccountId account, NamespaceName space, string name) =>
        new(account, space, TopicName.TryParse(name, out TopicName parsed) ? parsed : default);

    /// <inheritdoc/>
    public override string ToString() => $"{Account}/{Namespace}/{Name}";
}
