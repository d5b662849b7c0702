using Grpc.Core;
using Messaging.V1;

namespace Messaging.Grpc.Tests.Conformance.Definitions;

/// <summary>Documents of definitions over gRPC, by the generated client.</summary>
internal sealed class GrpcDefinitionFront(GrpcServer server) : IDefinitionFront
{
    private DefinitionService.DefinitionServiceClient Calls => new(server.Channel);

    public async Task<(FrontDocument Document, string Version)> GetAsync()
    {
        GetDefinitionsResponse response = await Calls.GetDefinitionsAsync(new GetDefinitionsRequest());
        return (new FrontDocument(
            [.. response.Document.Queues.Select(one => new FrontQueueEntry(one.Namespace, one.Name, one.Definition.LeaseSeconds))],
            [.. response.Document.Topics.Select(one => new FrontTopicEntry(one.Namespace, one.Name, one.Definition.Partitions))],
            [.. response.Document.Subscriptions.Select(one => new FrontSubscriptionEntry(one.Namespace, one.Topic, one.Name, GrpcShapes.TextOf(one.Definition.Target)))]), $"{response.Version}");
    }

    public async Task<FrontApplied> PutAsync(FrontDocument document, bool isDryRun = false, string? version = null)
    {
        var request = new PutDefinitionsRequest { Document = Of(document), DryRun = isDryRun };
        if (version is not null) request.Precondition = new Precondition { Version = long.Parse(version) };
        try
        {
            PutDefinitionsResponse response = await Calls.PutDefinitionsAsync(request);
            return new FrontApplied([], response.Applied, [.. response.Changes.Select(ChangeOf)], response.Unchanged);
        }
        catch (RpcException exception)
        {
            Refused refused = Refused.Of(exception);
            DefinitionsFailure? failure = exception.GetRpcStatus()?.GetDetail<DefinitionsFailure>();
            return new FrontApplied(failure is null ? [$"{refused.Code} {refused.Field}"] : [.. failure.Errors.Select(error => $"{error.Code} {InDocument(error.Field)}")], false, [], 0);
        }
    }

    public async Task<(int Queues, int Topics, int Subscriptions)> ResetAsync()
    {
        ResetServerResponse response = await Calls.ResetServerAsync(new ResetServerRequest());
        return (response.Queues, response.Topics, response.Subscriptions);
    }

    private static DefinitionsDocument Of(FrontDocument document) => new()
    {
        Queues = { document.Queues.Select(one => new QueueEntry { Namespace = one.Namespace, Name = one.Name, Definition = new QueueDefinition { LeaseSeconds = one.LeaseSeconds } }) },
        Topics = { document.Topics.Select(one => new TopicEntry { Namespace = one.Namespace, Name = one.Name, Definition = new TopicDefinition { Partitions = one.Partitions } }) },
        Subscriptions =
        {
            document.Subscriptions.Select(one => new SubscriptionEntry
            {
                Namespace = one.Namespace, Topic = one.Topic, Name = one.Name, Definition = new SubscriptionDefinition { Target = GrpcShapes.ToQueue(one.Queue) },
            }),
        },
    };

    private static string ChangeOf(DefinitionChange change) =>
        $"{change.Change.ToString().ToLowerInvariant()} {change.Kind.ToString().ToLowerInvariant()} {change.Namespace}/{change.Topic}/{change.Name}: {string.Join(' ', change.Fields)}";

    // A request has a document of entries that have definitions; REST's document is the body, and its entries are flat.
    private static string InDocument(string field) => field.Replace("document.", "", StringComparison.Ordinal).Replace(".definition.", ".", StringComparison.Ordinal);
}
