namespace Messaging.Broker.Names;

/// <summary>What names a queue, a topic or a group: an account, a namespace in it, and a name there. Lists are in this order.</summary>
internal interface IResourceKey<TSelf>
    where TSelf : struct, IResourceKey<TSelf>
{
    AccountId Account { get; }

    NamespaceName Namespace { get; }

    string Text { get; }

    /// <summary>The key of this name; of one that is not legal the default name, which sorts before all.</summary>
    static abstract TSelf At(AccountId account, NamespaceName space, string name);
}
