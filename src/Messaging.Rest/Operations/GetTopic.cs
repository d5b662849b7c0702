using Messaging.Broker;
using Messaging.Broker.Names;
using Messaging.Broker.Topics;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>GET /v1/topics/{topic}: the definition and its times.</summary>
internal sealed class GetTopic(Front front)
{
    public async Task<Problem?> InvokeAsync(HttpContext context)
    {
        if ((front.OpenTopic(context, out TopicBroker topics, out TopicKey topic) ?? QueryFields.Check(context.Request)) is { } refused)
            return refused;
        Result<TopicDescription> found = await topics.GetAsync(topic, context.RequestAborted);
        if (!found.IsOk)
            return Problem.Of(found.Error, topic);
        await TopicDocument.AnswerAsync(context, found.Value, isCreated: false);
        return null;
    }
}
