using Messaging.Broker.Names;

namespace Messaging.Catalog;

/// <summary>The table of one kind of definition, whose columns are those of the others but for the key. Immutable.</summary>
internal sealed record CatalogTable(ResourceKind Kind, string Name, string[] KeyColumns)
{
    public static readonly CatalogTable Queues = new(ResourceKind.Queue, "messaging_queue", ["account", "namespace", "name"]);

    public static readonly CatalogTable Topics = new(ResourceKind.Topic, "messaging_topic", ["account", "namespace", "name"]);

    public static readonly CatalogTable Subscriptions = new(ResourceKind.Subscription, "messaging_subscription", ["account", "namespace", "topic", "name"]);

    /// <summary>The columns of the key, as a list.</summary>
    public string Key { get; } = string.Join(", ", KeyColumns);

    /// <summary>The same of a table, or of what stands for it.</summary>
    public string KeyOf(string table) => string.Join(", ", KeyColumns.Select(column => $"{table}.{column}"));
}
