using Messaging.Broker;
using Messaging.Broker.Catalog;
using Messaging.Broker.Names;
using Messaging.Broker.Topics;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>PATCH /v1/topics/{topic}: changes the fields that it names and leaves the others (RFC 7396); <see cref="TopicDefinitionParser"/> tells what null stands for.</summary>
internal sealed class PatchTopic(Front front)
{
    private const string Example = """{"retentionSeconds":86400}""";

    public async Task<Problem?> InvokeAsync(HttpContext context)
    {
        Problem? refused = front.OpenChange(context, out TopicBroker topics, out TopicKey topic, out Precondition precondition)
            ?? MediaTypes.CheckMergePatch(context.Request, Example);
        if (refused is not null)
            return refused;
        var read = new TopicDefinitionParser.Box { IsMerge = true };
        if (await JsonBody.ReadAsync(context, front, read, TopicDefinitionParser.Read, bodyIsOptional: false) is { } problem)
            return problem;
        Result<PutTopicResult> changed = await topics.PatchAsync(topic, read.Patch, precondition, CancellationToken.None);
        if (!changed.IsOk)
            return Problem.Of(changed.Error, topic);
        await TopicDocument.AnswerAsync(context, changed.Value.Topic, changed.Value.Created);
        return null;
    }
}
