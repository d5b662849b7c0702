using Messaging.Broker.Catalog;
using Messaging.Broker.Names;
using Messaging.Grpc.Queues;
using Messaging.Grpc.Subscriptions;
using Messaging.Grpc.Topics;

namespace Messaging.Grpc.Definitions;

/// <summary>Definitions of an account, and what a change of them did, as the wire has them.</summary>
internal static class DefinitionWriter
{
    public static V1.GetDefinitionsResponse Of(CatalogDefinitions definitions) => new()
    {
        Document = new V1.DefinitionsDocument
        {
            Queues = { definitions.Document.Queues.Select(Of) },
            Topics = { definitions.Document.Topics.Select(Of) },
            Subscriptions = { definitions.Document.Subscriptions.Select(Of) },
        },
        Version = definitions.Version,
    };

    public static V1.PutDefinitionsResponse Of(AppliedDefinitions applied) => new()
    {
        Applied = applied.IsApplied,
        Changes = { applied.Changes.Select(Of) },
        Unchanged = applied.Unchanged,
        Version = applied.Version,
    };

    private static V1.DefinitionChange Of(DefinitionChange change) => new()
    {
        Kind = change.Key.Kind switch
        {
            ResourceKind.Queue => V1.ResourceKind.Queue,
            ResourceKind.Topic => V1.ResourceKind.Topic,
            ResourceKind.Subscription => V1.ResourceKind.Subscription,
        },
        Namespace = change.Key.Namespace.Value,
        Topic = change.Key.Topic ?? "",
        Name = change.Key.Name,
        Change = change.IsCreated ? V1.DefinitionChange.Types.Change.Created : V1.DefinitionChange.Types.Change.Changed,
        Fields = { change.Fields },
    };

    private static V1.QueueEntry Of(QueueDefinitionEntry entry) =>
        new() { Namespace = entry.Key.Namespace.Value, Name = entry.Key.Name.Value, Definition = QueueDefinitions.Of(entry.Definition!) };

    private static V1.TopicEntry Of(TopicDefinitionEntry entry) =>
        new() { Namespace = entry.Key.Namespace.Value, Name = entry.Key.Name.Value, Definition = TopicDefinitions.Of(entry.Definition!) };

    private static V1.SubscriptionEntry Of(SubscriptionDefinitionEntry entry) => new()
    {
        Namespace = entry.Key.Topic.Namespace.Value,
        Topic = entry.Key.Topic.Name.Value,
        Name = entry.Key.Name.Value,
        Definition = SubscriptionWriter.Of(entry.Definition!),
    };
}
