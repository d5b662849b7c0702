namespace Messaging.Broker.Catalog;

/// <summary>Definitions as one document, at most <see cref="CatalogLimits.DefinitionsMax"/> of all kinds together. Immutable.</summary>
public sealed record DefinitionsDocument
{
    /// <summary>Those of queues.</summary>
    public IReadOnlyList<QueueDefinitionEntry> Queues { get; init; } = [];

    /// <summary>Those of topics.</summary>
    public IReadOnlyList<TopicDefinitionEntry> Topics { get; init; } = [];

    /// <summary>Those of subscriptions.</summary>
    public IReadOnlyList<SubscriptionDefinitionEntry> Subscriptions { get; init; } = [];

    /// <summary>How many they are.</summary>
    public int Count => Queues.Count + Topics.Count + Subscriptions.Count;
}
