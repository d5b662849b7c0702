using Messaging.Broker;
using Messaging.Broker.Catalog;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>
/// PUT /v1/queues/{queue}: afterwards the queue is as defined, created (201) or changed (200). Fields that are left out, or the whole body,
/// mean the defaults.
/// </summary>
internal sealed class PutQueue(Front front)
{
    private const string Example = """{"leaseSeconds":30}""";

    public async Task<Problem?> InvokeAsync(HttpContext context)
    {
        Problem? refused = front.OpenChange(context, out MessageBroker broker, out QueueKey queue, out Precondition precondition)
            ?? MediaTypes.CheckJson(context.Request, Example, bodyIsOptional: true);
        if (refused is not null)
            return refused;
        var read = new QueueDefinitionParser.Box();
        if (await JsonBody.ReadAsync(context, front, read, QueueDefinitionParser.Read, bodyIsOptional: true) is { } problem)
            return problem;
        Result<PutQueueResult> put = await broker.Queues.PutAsync(queue, read.Definition, precondition, CancellationToken.None);
        if (!put.IsOk)
            return Problem.Of(put.Error, queue);
        await QueueDocument.AnswerAsync(context, put.Value);
        return null;
    }
}
