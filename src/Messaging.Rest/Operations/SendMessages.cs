using System.Text.Json;
using Messaging.Broker;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Http;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>
/// POST /v1/queues/{queue}/messages: sends one or many, and answers when they are on the disk. Hot path: parsed where the body lies, and
/// the broker is called without the connection's token, since its memory is lent until the broker has answered.
/// </summary>
internal sealed class SendMessages(Front front)
{
    private const string Name = "sendMessages";
    private const string Example = """{"messages":[{"body":"hi"}]}""";

    public static readonly FieldTable Fields = new(["messages"]);

    public async Task<Problem?> InvokeAsync(HttpContext context)
    {
        Problem? refused = front.OpenQueue(context, out MessageBroker broker, out QueueKey queue, out IdempotencyKey? key)
            ?? QueryFields.Check(context.Request)
            ?? MediaTypes.CheckJson(context.Request, Example)
            ?? MessageHeaders.RefuseAny(context.Request);
        if (refused is not null)
            return refused;
        (RequestBody body, Problem? unread) = await Bodies.ReadAsync(context, front, BodyLimit.Send);
        if (unread is not null)
            return unread;
        using (body)
        {
            using var document = new RequestDocument(body.Bytes);
            using var messages = new EntryList<OutgoingMessage>();
            if (JsonRequest.Parse(document, messages, Parse) is { } problem)
                return problem;
            Result<SendOutcome[]> sent = messages.Accepted.IsEmpty
                ? Array.Empty<SendOutcome>()
                : await broker.Queues.SendAsync(queue, messages.Accepted, Idempotency.Request(key, Name, body.Bytes.Span), CancellationToken.None);
            if (!sent.IsOk)
                return Problem.Of(sent.Error, queue);
            await JsonBatch.AnswerAsync(context, "messages", messages, sent.Value, ErrorOf, MessageWriter.WriteSent);
            return null;
        }
    }

    internal static Problem? Parse(ref Utf8JsonReader reader, RequestDocument document, EntryList<OutgoingMessage> messages)
    {
        uint seen = 0;
        while (true)
        {
            if (Fields.Next(ref reader, ref seen, out int field) is { } refused)
                return refused;
            if (field == FieldTable.End)
                return seen == 0 ? Problem.Of(FrontCode.MissingField, "The call has messages, an array with at least one entry.", "messages") : null;
            if (JsonRequest.Entries(ref reader, document, "messages", messages, MessageParser.Read) is { } problem)
                return problem;
        }
    }

    private static BrokerError? ErrorOf(in SendOutcome outcome) => outcome.Error;
}
