using Messaging.Broker;
using Messaging.Broker.Catalog;
using Messaging.Broker.Names;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>DELETE /v1/topics/{topic}/subscriptions/{subscription}: the subscription is gone (204); what it has delivered stays.</summary>
internal sealed class DeleteSubscription(Front front)
{
    public async Task<Problem?> InvokeAsync(HttpContext context)
    {
        if (front.OpenChange(context, out SubscriptionBroker subscriptions, out SubscriptionKey subscription, out Precondition precondition) is { } refused)
            return refused;
        Result<bool> deleted = await subscriptions.DeleteAsync(subscription, precondition, CancellationToken.None);
        if (!deleted.IsOk)
            return Problem.Of(deleted.Error, subscription.Topic);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return null;
    }
}
