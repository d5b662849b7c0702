using Messaging.Broker;
using Messaging.Broker.Groups;
using Messaging.Broker.Names;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>GET /v1/groups: the namespace's consumer groups in the order of their names, a page at a time.</summary>
internal sealed class ListGroups(Front front)
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
        Result<GroupPage> page = await broker.Groups.ListAsync(CallAccount.Of(context), space, query["prefix"], pageSize, query["pageToken"], context.RequestAborted);
        return page.IsOk
            ? await ListAnswer.SendAsync(context, front, "groups", page.Value.Groups, page.Value.NextPageToken, GroupWriter.Write)
            : Problem.Of(page.Error);
    }
}
