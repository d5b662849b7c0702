using Messaging.Broker;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Operations;
using Messaging.Http;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>POST /v1/queues/{queue}/redrive: a long operation moves messages back to where they came from, or elsewhere (202, and where to ask for it).</summary>
internal sealed class RedriveMessages(Front front)
{
    private const string Name = "redriveMessages";
    private const string Example = """{"messagesPerSecond":50,"filter":{"reason":"maxReceives"}}""";

    public async Task<Problem?> InvokeAsync(HttpContext context)
    {
        Problem? refused = front.OpenQueue(context, out MessageBroker broker, out QueueKey queue, out IdempotencyKey? key)
            ?? QueryFields.Check(context.Request)
            ?? MediaTypes.CheckJson(context.Request, Example, bodyIsOptional: true);
        if (refused is not null)
            return refused;
        var read = new RedriveParser.Box();
        (RequestBody body, Problem? unread) = await Bodies.ReadAsync(context, front, BodyLimit.Document);
        using (body)
        {
            unread ??= Read(body, read);
            if (unread is not null)
                return unread;
            return await StartAsync(context, broker, queue, read.Request, Idempotency.Request(key, Name, body.Bytes.Span));
        }
    }

    // Without a body: everything, to where it came from.
    private static Problem? Read(RequestBody body, RedriveParser.Box read)
    {
        if (body.Bytes.IsEmpty)
            return null;
        using var document = new RequestDocument(body.Bytes);
        return JsonRequest.Parse(document, read, RedriveParser.Read);
    }

    private static async Task<Problem?> StartAsync(HttpContext context, MessageBroker broker, QueueKey queue, RedriveRequest request, IdempotentRequest? asked)
    {
        Result<LongOperation> started = await broker.Operations.RedriveAsync(queue, request, asked, CancellationToken.None);
        if (!started.IsOk)
            return started.Error.Field is null ? Problem.Of(started.Error, queue) : Problem.Of(started.Error);
        context.Response.Headers.Location = OperationPath.Format(started.Value.Id);
        await OperationPath.AnswerAsync(context, started.Value, StatusCodes.Status202Accepted);
        return null;
    }
}
