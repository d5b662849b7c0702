using Messaging.Broker.Subscriptions;
using Messaging.Http;
using Messaging.Rest.Http;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>The answer of the operations that tell of one subscription.</summary>
internal static class SubscriptionDocument
{
    public static async Task AnswerAsync(HttpContext context, SubscriptionDescription subscription, bool isCreated)
    {
        if (isCreated)
            context.Response.Headers.Location = ResourcePath.Subscription.Format(subscription.Key.Topic.Name.Value, subscription.Key.Name.Value);
        Preconditions.SetTag(context.Response, subscription.Version);
        using var answer = BufferedAnswer.Rent();
        SubscriptionWriter.Write(answer.Writer, subscription);
        await answer.SendAsync(context, isCreated ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }
}
