using Messaging.Broker;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Http;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>
/// POST /v1/queues/{queue}/messages/raw: the body is the message, as it is and of whatever type; the rest stands in headers. Answers when
/// it is on the disk. Hot path.
/// </summary>
internal sealed class SendRawMessage(Front front)
{
    private const string Name = "sendRawMessage";

    public async Task<Problem?> InvokeAsync(HttpContext context)
    {
        if ((front.OpenQueue(context, out MessageBroker broker, out QueueKey queue, out IdempotencyKey? key) ?? QueryFields.Check(context.Request)) is { } refused)
            return refused;
        if (!broker.Queues.TryGetDefinition(queue, out QueueDefinition? definition))
        {
            Result<QueueDescription> found = await broker.Queues.GetAsync(queue, context.RequestAborted);
            if (!found.IsOk)
                return Problem.Of(found.Error, queue);
            definition = found.Value.Definition;
        }
        using var headers = new MessageHeaders();
        if (headers.Read(context.Request) is { } problem)
            return problem;
        (RequestBody body, Problem? unread) = await Bodies.ReadAsync(context, front, BodyLimit.OfMessage(definition.MaxMessageBytes));
        if (unread is not null)
        {
            // It tells of the definition, which is synced once that is answered.
            await broker.Queues.GetAsync(queue, context.RequestAborted);
            return unread;
        }
        using (body)
        {
            IdempotentRequest? request = Idempotency.Request(key, Name, body.Bytes.Span, context.Request);
            return await SendAsync(context, broker, queue, headers.ToMessage(body.Bytes), request);
        }
    }

    private static async Task<Problem?> SendAsync(HttpContext context, MessageBroker broker, QueueKey queue, OutgoingMessage message, IdempotentRequest? request)
    {
        using var one = new EntryList<OutgoingMessage>();
        one.Accept(message);
        Result<SendOutcome[]> sent = await broker.Queues.SendAsync(queue, one.Accepted, request, CancellationToken.None);
        if (!sent.IsOk)
            // The body is the only entry of the list that the broker tells of.
            return Problem.Of(sent.Error, queue) with { Field = null };
        if (sent.Value[0].Error is { } error)
            return MessageHeaders.ProblemOf(error);
        using var answer = BufferedAnswer.Rent();
        answer.Writer.WriteStartObject();
        MessageWriter.WriteSent(answer.Writer, in sent.Value[0]);
        answer.Writer.WriteEndObject();
        await answer.SendAsync(context, StatusCodes.Status200OK);
        return null;
    }
}
