using Messaging.Broker;
using Messaging.Broker.Names;
using Messaging.Broker.Subscriptions;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>GET /v1/topics/{topic}/subscriptions: the topic's subscriptions in the order of their names, a page at a time.</summary>
internal sealed class ListSubscriptions(Front front)
{
    public static readonly string[] QueryParameters = ["prefix", "pageSize", "pageToken"];

    public async Task<Problem?> InvokeAsync(HttpContext context)
    {
        int pageSize = BrokerLimits.ListPageSizeDefault;
        Problem? refused = front.OpenSubscriptions(context, out SubscriptionBroker subscriptions, out TopicKey topic)
            ?? QueryFields.Check(context.Request, QueryParameters)
            ?? QueryFields.Integer(context.Request, "pageSize", 1, BrokerLimits.ListPageSizeMax, ref pageSize);
        if (refused is not null)
            return refused;
        IQueryCollection query = context.Request.Query;
        Result<SubscriptionPage> page = await subscriptions.ListAsync(topic, query["prefix"], pageSize, query["pageToken"], context.RequestAborted);
        return page.IsOk
            ? await ListAnswer.SendAsync(context, front, "subscriptions", page.Value.Subscriptions, page.Value.NextPageToken, SubscriptionWriter.Write)
            : Problem.Of(page.Error, topic);
    }
}
