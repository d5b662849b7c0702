using Messaging.Broker;
using Messaging.Broker.Names;
using Messaging.Broker.Topics;
using Messaging.Http;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>
/// POST /v1/topics/{topic}/records: publishes one or many, and answers when they are on the disk. Hot path: parsed where the body lies, and the broker is called without the
/// connection's token, since its memory is lent until the broker has answered.
/// </summary>
internal sealed class PublishRecords(Front front)
{
    private const string Name = "publishRecords";
    private const string Example = """{"records":[{"key":"k","body":"v"}]}""";

    public Task<Problem?> InvokeAsync(HttpContext context) => InvokeAsync(context, partition: null);

    /// <summary>All of them to one partition, or with null to where each one's key or own choice leads.</summary>
    public async Task<Problem?> InvokeAsync(HttpContext context, int? partition)
    {
        Problem? refused = front.OpenTopic(context, out TopicBroker topics, out TopicKey topic, out IdempotencyKey? key)
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
            using var draft = new RecordsDraft(partition);
            if (JsonRequest.Parse(document, draft, RecordsDraft.Parse) is { } problem)
                return problem;
            if (draft.Producer is { } producer)
                return await PublishAsync(context, topics, topic, draft, producer, key);
            // The same body for another partition is another request.
            string name = partition is null ? Name : $"{Name}/{partition}";
            Result<PublishOutcome[]> published = draft.Records.Accepted.IsEmpty
                ? Array.Empty<PublishOutcome>()
                : await topics.PublishAsync(topic, draft.Records.Accepted, Idempotency.Request(key, name, body.Bytes.Span), CancellationToken.None);
            if (!published.IsOk)
                return Problem.Of(published.Error, topic);
            await JsonBatch.AnswerAsync(context, RecordsDraft.Place, draft.Records, published.Value, ErrorOf, RecordWriter.WritePublished);
            return null;
        }
    }

    // A record that breaks a rule refuses the call: what comes behind it would have a gap before it.
    private static async Task<Problem?> PublishAsync(
        HttpContext context, TopicBroker topics, TopicKey topic, RecordsDraft draft, ProducerClaim producer, IdempotencyKey? key)
    {
        if (key is not null)
            return Problem.Invalid(RequestHeaders.IdempotencyKey, "A producer's sequences do what this header does, and for longer: leave it out.");
        for (int entry = 0; entry < draft.Records.Count; entry++)
        {
            if (draft.Records.RefusalAt(entry) is { } problem)
                return problem;
        }
        Result<PublishOutcome[]> published = await topics.PublishAsync(topic, draft.Records.Accepted, producer, CancellationToken.None);
        if (!published.IsOk)
            return Problem.Of(published.Error, topic);
        await JsonBatch.AnswerAsync(context, RecordsDraft.Place, draft.Records, published.Value, ErrorOf, RecordWriter.WritePublished);
        return null;
    }

    private static BrokerError? ErrorOf(in PublishOutcome outcome) => outcome.Error;
}
