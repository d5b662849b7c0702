using Messaging.Broker;
using Messaging.Broker.Names;
using Messaging.Broker.Subscriptions;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>GET /v1/topics/{topic}/subscriptions/{subscription}: the definition, its times, and whether deliveries are paused.</summary>
internal sealed class GetSubscription(Front front)
{
    public async Task<Problem?> InvokeAsync(HttpContext context)
    {
        if ((front.OpenSubscription(context, out SubscriptionBroker subscriptions, out SubscriptionKey subscription) ?? QueryFields.Check(context.Request)) is { } refused)
            return refused;
        Result<SubscriptionDescription> found = await subscriptions.GetAsync(subscription, context.RequestAborted);
        if (!found.IsOk)
            return Problem.Of(found.Error, subscription.Topic);
        await SubscriptionDocument.AnswerAsync(context, found.Value, isCreated: false);
        return null;
    }
}
