using Messaging.Broker;
using Messaging.Broker.Names;
using Messaging.Broker.Subscriptions;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>
/// POST /v1/topics/{topic}/subscriptions/{subscription}/pause and /resume: nothing is delivered until it is resumed, and then all that was published meanwhile. One that is so already stays so. The body may be left out, or is an
/// empty object.
/// </summary>
internal sealed class PauseSubscription(Front front, bool isPaused)
{
    public static readonly FieldTable Fields = EmptyObject.Fields;

    public async Task<Problem?> InvokeAsync(HttpContext context)
    {
        Problem? refused = front.OpenSubscription(context, out SubscriptionBroker subscriptions, out SubscriptionKey subscription)
            ?? QueryFields.Check(context.Request)
            ?? await EmptyObject.ReadAsync(context, front);
        if (refused is not null)
            return refused;
        Result<SubscriptionDescription> paused = await subscriptions.PauseAsync(subscription, isPaused, CancellationToken.None);
        if (!paused.IsOk)
            return Problem.Of(paused.Error, subscription.Topic);
        await SubscriptionDocument.AnswerAsync(context, paused.Value, isCreated: false);
        return null;
    }
}
