using Messaging.Broker;
using Messaging.Broker.Names;
using Messaging.Broker.Operations;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>GET /v1/operations: the namespace's long operations, the newest first, a page at a time.</summary>
internal sealed class ListOperations(Front front)
{
    public static readonly string[] QueryParameters = ["pageSize", "pageToken"];

    public async Task<Problem?> InvokeAsync(HttpContext context)
    {
        int pageSize = BrokerLimits.ListPageSizeDefault;
        Problem? refused = front.Open(context, out MessageBroker broker, out NamespaceName space)
            ?? QueryFields.Check(context.Request, QueryParameters)
            ?? QueryFields.Integer(context.Request, "pageSize", 1, BrokerLimits.ListPageSizeMax, ref pageSize);
        if (refused is not null)
            return refused;
        Result<OperationPage> page = await broker.Operations.ListAsync(CallAccount.Of(context), space, pageSize, context.Request.Query["pageToken"], context.RequestAborted);
        return page.IsOk
            ? await ListAnswer.SendAsync(context, front, "operations", page.Value.Operations, page.Value.NextPageToken, OperationWriter.Write)
            : Problem.Of(page.Error);
    }
}
