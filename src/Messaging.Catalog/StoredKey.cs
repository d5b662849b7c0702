using Messaging.Broker.Catalog;
using Messaging.Broker.Names;

namespace Messaging.Catalog;

/// <summary>The columns that name a row of messaging_definition, as they are read.</summary>
internal sealed record StoredKey(string Kind, string Account, string Namespace, string Name)
{
    private const string Queue = "queue";

    public bool IsQueue => Kind == Queue;

    /// <exception cref="CatalogRefusedException">Not a legal name.</exception>
    public ResourceKey ToKey() => IsQueue ? ResourceKey.Of(ToQueue()) : ResourceKey.Of(ToTopic());

    /// <exception cref="CatalogRefusedException">Not a legal name.</exception>
    public QueueKey ToQueue() =>
        AccountId.TryParse(Account, out AccountId account) && NamespaceName.TryParse(Namespace, out NamespaceName space) && QueueName.TryParse(Name, out QueueName name)
            ? new QueueKey(account, space, name)
            : throw Illegal();

    /// <exception cref="CatalogRefusedException">Not a legal name.</exception>
    public TopicKey ToTopic() =>
        AccountId.TryParse(Account, out AccountId account) && NamespaceName.TryParse(Namespace, out NamespaceName space) && TopicName.TryParse(Name, out TopicName name)
            ? new TopicKey(account, space, name)
            : throw Illegal();

    /// <inheritdoc/>
    public override string ToString() => $"{Kind} {Account}/{Namespace}/{Name}";

    private CatalogRefusedException Illegal() => new($"The catalog in Postgres has a {Kind} of the name {Account}/{Namespace}/{Name}, which is not a legal one.");
}
