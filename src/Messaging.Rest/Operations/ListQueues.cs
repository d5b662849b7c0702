using Messaging.Broker;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>GET /v1/queues: the namespace's queues in the order of their names, a page at a time.</summary>
internal sealed class ListQueues(Front front)
{
    public static readonly string[] QueryParameters = ["prefix", "pageSize", "pageToken"];

    public async Task<Problem?> InvokeAsync(HttpContext context)
    {
        int pageSize = BrokerLimits.ListPageSizeDefault;
        Problem? refused = front.Open(context, out MessageBroker broker, out NamespaceName space)
            ?? QueryFields.Check(context.Request, QueryParameters)
            ?? QueryFields.Integer(context.Request, "pageSize", 1, BrokerLimits.ListPageSizeMax, ref pageSize);
        if (refused is not null)
            return refused;
        IQueryCollection query = context.Request.Query;
        Result<QueuePage> page = await broker.Queues.ListAsync(
            CallAccount.Of(context), space, query["prefix"], pageSize, query["pageToken"], context.RequestAborted);
        return page.IsOk
            ? await ListAnswer.SendAsync(context, front, "queues", page.Value.Queues, page.Value.NextPageToken, QueueWriter.Write)
            : Problem.Of(page.Error);
    }
}
