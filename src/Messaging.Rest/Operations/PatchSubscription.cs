using Messaging.Broker;
using Messaging.Broker.Catalog;
using Messaging.Broker.Names;
using Messaging.Broker.Subscriptions;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>PATCH /v1/topics/{topic}/subscriptions/{subscription}: changes the fields that it names and leaves the others (RFC 7396); <see cref="SubscriptionDefinitionParser"/> tells what null stands for.</summary>
internal sealed class PatchSubscription(Front front)
{
    private const string Example = """{"raw":false}""";

    public async Task<Problem?> InvokeAsync(HttpContext context)
    {
        Problem? refused = front.OpenChange(context, out SubscriptionBroker subscriptions, out SubscriptionKey subscription, out Precondition precondition)
            ?? MediaTypes.CheckMergePatch(context.Request, Example);
        if (refused is not null)
            return refused;
        var read = new SubscriptionDefinitionParser.Box { IsMerge = true };
        if (await JsonBody.ReadAsync(context, front, read, SubscriptionDefinitionParser.Read, bodyIsOptional: false) is { } problem)
            return problem;
        Result<PutSubscriptionResult> changed = await subscriptions.PatchAsync(subscription, read.Patch, precondition, CancellationToken.None);
        if (!changed.IsOk)
            return Problem.Of(changed.Error, subscription.Topic);
        await SubscriptionDocument.AnswerAsync(context, changed.Value.Subscription, changed.Value.Created);
        return null;
    }
}
