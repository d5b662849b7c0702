using System.Text.Json;
using Messaging.Broker;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Topics;
using Messaging.Broker.Transactions;
using Messaging.Http;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>
/// POST /v1/transactions: acknowledges, sends, publishes and commits offsets, all of it or nothing, and answers when it is on the disk. The broker is called without the connection's token, since its memory is lent
/// until the broker has answered.
/// </summary>
internal sealed class RunTransaction(Front front)
{
    private const string Name = "runTransaction";
    private const string Example = """{"operations":[{"acknowledge":{"queue":"orders","receipts":["..."]}},{"publish":{"topic":"sold","records":[{"body":"hi"}]}}]}""";

    public async Task<Problem?> InvokeAsync(HttpContext context)
    {
        IdempotencyKey? key = null;
        Problem? refused = front.Open(context, out MessageBroker broker, out NamespaceName space, takesIdempotencyKey: true)
            ?? Idempotency.Read(context.Request.Headers, out key)
            ?? QueryFields.Check(context.Request)
            ?? MediaTypes.CheckJson(context.Request, Example);
        if (refused is not null)
            return refused;
        (RequestBody body, Problem? unread) = await Bodies.ReadAsync(context, front, BodyLimit.Send);
        if (unread is not null)
            return unread;
        using (body)
        {
            using var document = new RequestDocument(body.Bytes);
            using var draft = new TransactionDraft(CallAccount.Of(context), space);
            if (JsonRequest.Parse(document, draft, TransactionParser.Read) is { } problem)
                return problem;
            Result<TransactionResult[]> done = await broker.Transactions.RunAsync(
                draft.Operations, Idempotency.Request(key, Name, body.Bytes.Span), CancellationToken.None);
            if (!done.IsOk)
                return Problem.Of(done.Error);
            using var answer = BufferedAnswer.Rent();
            Write(answer.Writer, done.Value);
            await answer.SendAsync(context, StatusCodes.Status200OK);
            return null;
        }
    }

    private static void Write(Utf8JsonWriter writer, TransactionResult[] results)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("results"u8);
        foreach (TransactionResult result in results)
        {
            writer.WriteStartObject();
            if (result.Sent is { } sent) WriteSent(writer, sent);
            if (result.Published is { } published) WritePublished(writer, published);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteSent(Utf8JsonWriter writer, IReadOnlyList<SendOutcome> sent)
    {
        writer.WriteStartArray("messages"u8);
        foreach (SendOutcome outcome in sent)
        {
            writer.WriteStartObject();
            MessageWriter.WriteSent(writer, outcome);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WritePublished(Utf8JsonWriter writer, IReadOnlyList<PublishOutcome> published)
    {
        writer.WriteStartArray("records"u8);
        foreach (PublishOutcome outcome in published)
        {
            writer.WriteStartObject();
            RecordWriter.WritePublished(writer, outcome);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
