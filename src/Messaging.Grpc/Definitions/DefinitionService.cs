using Grpc.Core;
using Messaging.Broker;
using Messaging.Broker.Catalog;
using Messaging.Grpc.Calls;
using Messaging.Grpc.Errors;
using Messaging.Http;

namespace Messaging.Grpc.Definitions;

/// <summary>Definitions together, and all that the server has, as definition_service.proto says. One for the process, thread-safe.</summary>
internal sealed class DefinitionService(Front front, AccessKeyRing ring) : V1.DefinitionService.DefinitionServiceBase
{
    public override async Task<V1.GetDefinitionsResponse> GetDefinitions(V1.GetDefinitionsRequest request, ServerCallContext context)
    {
        Call call = front.Open(context);
        CatalogDefinitions found = (await call.Broker.Definitions.GetAsync(call.Account, context.CancellationToken)).OrRefuse();
        V1.GetDefinitionsResponse response = DefinitionWriter.Of(found);
        return response.CalculateSize() <= GrpcLimits.DefinitionsBytesMax
            ? LentAnswer.Placed(context, front, response)
            : throw Refusal.Of(new BrokerError(
                ErrorCode.DefinitionsTooLarge,
                $"The definitions have more than {GrpcLimits.DefinitionsBytesMax} bytes; ListQueues, ListTopics and ListSubscriptions list them page by page."));
    }

    public override async Task<V1.PutDefinitionsResponse> PutDefinitions(V1.PutDefinitionsRequest request, ServerCallContext context)
    {
        Call call = front.Open(context);
        if (request.Document is not { } document)
            throw Refusal.Missing("document", "The call has a document, with queues, topics or subscriptions.");
        return DefinitionWriter.Of(await new DefinitionsDraft(call).ApplyAsync(document, Preconditions.Read(request.Precondition, versionMin: 0), request.DryRun));
    }

    public override async Task<V1.ResetServerResponse> ResetServer(V1.ResetServerRequest request, ServerCallContext context)
    {
        Call call = front.Open(context);
        if (ring.IsClosed)
            throw Refusal.Of(StatusCode.PermissionDenied, "forbidden", "A server is reset only while it is open to everyone who reaches it.");
        if (Front.NamesNamespace(context))
            throw Refusal.Invalid(Front.NamespaceWord, "A reset is of all namespaces: leave the metadata out.");
        ResetCounts gone = (await call.Broker.Definitions.ResetAsync(CancellationToken.None)).OrRefuse();
        return new V1.ResetServerResponse { Queues = gone.Queues, Topics = gone.Topics, Subscriptions = gone.Subscriptions };
    }
}
