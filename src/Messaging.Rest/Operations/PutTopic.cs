using Messaging.Broker;
using Messaging.Broker.Catalog;
using Messaging.Broker.Names;
using Messaging.Broker.Topics;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>
/// PUT /v1/topics/{topic}: afterwards the topic is as defined, created (201) or changed (200). Fields that are left out, or the whole body, mean the defaults.
/// </summary>
internal sealed class PutTopic(Front front)
{
    private const string Example = """{"partitions":3}""";

    public async Task<Problem?> InvokeAsync(HttpContext context)
    {
        Problem? refused = front.OpenChange(context, out TopicBroker topics, out TopicKey topic, out Precondition precondition)
            ?? MediaTypes.CheckJson(context.Request, Example, bodyIsOptional: true);
        if (refused is not null)
            return refused;
        var read = new TopicDefinitionParser.Box();
        if (await JsonBody.ReadAsync(context, front, read, TopicDefinitionParser.Read, bodyIsOptional: true) is { } problem)
            return problem;
        Result<PutTopicResult> put = await topics.PutAsync(topic, read.Definition, precondition, CancellationToken.None);
        if (!put.IsOk)
            return Problem.Of(put.Error, topic);
        await TopicDocument.AnswerAsync(context, put.Value.Topic, put.Value.Created);
        return null;
    }
}
