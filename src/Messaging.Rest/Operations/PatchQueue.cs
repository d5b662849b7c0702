using Messaging.Broker;
using Messaging.Broker.Catalog;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>PATCH /v1/queues/{queue}: changes the fields that it names and leaves the others; null stands for the default, and takes a tag or an annotation away (RFC 7396).</summary>
internal sealed class PatchQueue(Front front)
{
    private const string Example = """{"leaseSeconds":60}""";

    public async Task<Problem?> InvokeAsync(HttpContext context)
    {
        Problem? refused = front.OpenChange(context, out MessageBroker broker, out QueueKey queue, out Precondition precondition)
            ?? MediaTypes.CheckMergePatch(context.Request, Example);
        if (refused is not null)
            return refused;
        var read = new QueueDefinitionParser.Box { IsMerge = true };
        if (await JsonBody.ReadAsync(context, front, read, QueueDefinitionParser.Read, bodyIsOptional: false) is { } problem)
            return problem;
        Result<PutQueueResult> changed = await broker.Queues.PatchAsync(queue, read.Patch, precondition, CancellationToken.None);
        if (!changed.IsOk)
            return Problem.Of(changed.Error, queue);
        await QueueDocument.AnswerAsync(context, changed.Value);
        return null;
    }
}
