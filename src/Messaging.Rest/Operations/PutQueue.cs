using Messaging.Broker;
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
        Problem? refused = front.OpenQueue(context, out MessageBroker broker, out QueueKey queue)
            ?? QueryFields.Check(context.Request)
            ?? MediaTypes.CheckJson(context.Request, Example, bodyIsOptional: true);
        if (refused is not null)
            return refused;
        (QueueDefinition definition, Problem? problem) = await ReadAsync(context);
        if (problem is not null)
            return problem;
        Result<PutQueueResult> put = await broker.PutQueueAsync(queue, definition, CancellationToken.None);
        if (!put.IsOk)
            return Problem.Of(put.Error, queue);
        await AnswerAsync(context, put.Value);
        return null;
    }

    private async Task<(QueueDefinition Definition, Problem? Problem)> ReadAsync(HttpContext context)
    {
        (RequestBody body, Problem? unread) = await RequestBody.ReadAsync(context, front.Budget, BodyLimit.Document);
        using (body)
        {
            if (unread is not null || body.Bytes.IsEmpty)
                return (new QueueDefinition(), unread);
            using var document = new RequestDocument(body.Bytes, front.Clock.GetUtcNow());
            var read = new QueueDefinitionParser.Box();
            Problem? problem = JsonRequest.Parse(document, read, QueueDefinitionParser.Read);
            return (read.Definition, problem);
        }
    }

    private static async Task AnswerAsync(HttpContext context, PutQueueResult put)
    {
        if (put.Created)
            context.Response.Headers.Location = QueuePath.Format(put.Queue.Key.Name);
        using var answer = JsonAnswer.Rent();
        QueueWriter.Write(answer.Writer, put.Queue);
        await answer.SendAsync(context, put.Created ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }
}
