using Messaging.Broker.Catalog;
using Messaging.Broker.Names;

namespace Messaging.Catalog;

/// <summary>The columns that name a row of messaging_definition, as they are read; of a subscription with its topic.</summary>
internal sealed record StoredKey(string Kind, string Account, string Namespace, string Name, string? Topic)
{
    /// <exception cref="CatalogRefusedException">Not a legal name, or of a kind that this build does not know.</exception>
    public ResourceKey ToKey() => ToKind() switch
    {
        ResourceKind.Queue => ResourceKey.Of(ToQueue()),
        ResourceKind.Topic => ResourceKey.Of(ToTopic()),
        ResourceKind.Subscription => ResourceKey.Of(ToSubscription()),
    };

    /// <exception cref="CatalogRefusedException">A kind that this build does not know.</exception>
    public ResourceKind ToKind() => Kind switch
    {
        "queue" => ResourceKind.Queue,
        "topic" => ResourceKind.Topic,
        "subscription" => ResourceKind.Subscription,
        _ => throw new CatalogRefusedException($"The catalog in Postgres has a definition of the kind {Kind}, which this build does not know."),
    };

    /// <exception cref="CatalogRefusedException">Not a legal name.</exception>
    public QueueKey ToQueue() =>
        TryParse(out AccountId account, out NamespaceName space) && QueueName.TryParse(Name, out QueueName name) ? new QueueKey(account, space, name) : throw Illegal();

    /// <exception cref="CatalogRefusedException">Not a legal name.</exception>
    public TopicKey ToTopic() => ToTopic(Name);

    /// <exception cref="CatalogRefusedException">Not a legal name.</exception>
    public SubscriptionKey ToSubscription() => SubscriptionName.TryParse(Name, out SubscriptionName name) ? new SubscriptionKey(ToTopic(Topic), name) : throw Illegal();

    /// <inheritdoc/>
    public override string ToString() => $"{Kind} {Account}/{Namespace}/{(Topic is null ? "" : Topic + "/")}{Name}";

    private TopicKey ToTopic(string? topic) =>
        TryParse(out AccountId account, out NamespaceName space) && TopicName.TryParse(topic, out TopicName name) ? new TopicKey(account, space, name) : throw Illegal();

    private bool TryParse(out AccountId account, out NamespaceName space)
    {
        space = default;
        return AccountId.TryParse(Account, out account) && NamespaceName.TryParse(Namespace, out space);
    }

    private CatalogRefusedException Illegal() => new($"The catalog in Postgres has a {this}, which is not a legal name.");
}
