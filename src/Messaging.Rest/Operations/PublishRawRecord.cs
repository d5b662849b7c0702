using Messaging.Broker;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Topics;
using Messaging.Http;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>
/// POST /v1/topics/{topic}/records/raw: the body is the record's value, as it is and of whatever type; the rest stands in headers. Answers when it is on the disk. Hot path.
/// </summary>
internal sealed class PublishRawRecord(Front front)
{
    private const string Name = "publishRawRecord";

    public async Task<Problem?> InvokeAsync(HttpContext context)
    {
        if ((front.OpenTopic(context, out TopicBroker topics, out TopicKey topic, out IdempotencyKey? key) ?? QueryFields.Check(context.Request)) is { } refused)
            return refused;
        var headers = new RecordHeaders();
        if (headers.Read(context.Request) is { } problem)
            return problem;
        (RequestBody body, Problem? unread) = await RecordBodies.ReadAsync(context, front, topics, topic);
        if (unread is not null)
            return unread;
        using (body)
        {
            IdempotentRequest? request = Idempotency.Request(key, Name, body.Bytes.Span, context.Request);
            return await PublishAsync(context, topics, topic, headers.ToRecord(body.Bytes), request);
        }
    }

    private static async Task<Problem?> PublishAsync(HttpContext context, TopicBroker topics, TopicKey topic, OutgoingRecord record, IdempotentRequest? request)
    {
        using var one = new EntryList<OutgoingRecord>();
        one.Accept(record);
        Result<PublishOutcome[]> published = await topics.PublishAsync(topic, one.Accepted, request, CancellationToken.None);
        if (!published.IsOk)
            // The body is the only entry of the list that the broker tells of.
            return Problem.Of(published.Error, topic) with { Field = null };
        if (published.Value[0].Error is { } error)
            return RecordHeaders.ProblemOf(error);
        using var answer = BufferedAnswer.Rent();
        answer.Writer.WriteStartObject();
        RecordWriter.WritePublished(answer.Writer, in published.Value[0]);
        answer.Writer.WriteEndObject();
        await answer.SendAsync(context, StatusCodes.Status200OK);
        return null;
    }
}
