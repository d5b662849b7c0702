using Messaging.Broker;
using Messaging.Broker.Catalog;
using Messaging.Broker.Names;
using Messaging.Broker.Subscriptions;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>
/// PUT /v1/topics/{topic}/subscriptions/{subscription}: afterwards the subscription is as defined, created (201) or changed (200). Fields that are left out mean the defaults; a target is not.
/// </summary>
internal sealed class PutSubscription(Front front)
{
    private const string Example = """{"target":{"queue":"orders"}}""";

    public async Task<Problem?> InvokeAsync(HttpContext context)
    {
        Problem? refused = front.OpenChange(context, out SubscriptionBroker subscriptions, out SubscriptionKey subscription, out Precondition precondition)
            ?? MediaTypes.CheckJson(context.Request, Example);
        if (refused is not null)
            return refused;
        var read = new SubscriptionDefinitionParser.Box();
        if (await JsonBody.ReadAsync(context, front, read, SubscriptionDefinitionParser.Read, bodyIsOptional: false) is { } problem)
            return problem;
        Result<PutSubscriptionResult> put = await subscriptions.PutAsync(subscription, read.Definition, precondition, CancellationToken.None);
        if (!put.IsOk)
            return Problem.Of(put.Error, subscription.Topic);
        await SubscriptionDocument.AnswerAsync(context, put.Value.Subscription, put.Value.Created);
        return null;
    }
}
