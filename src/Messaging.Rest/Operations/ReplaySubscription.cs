using System.Text.Json;
using Messaging.Broker;
using Messaging.Broker.Names;
using Messaging.Broker.Subscriptions;
using Messaging.Http;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>
/// POST /v1/topics/{topic}/subscriptions/{subscription}/replay: what the topic keeps of a span of time is delivered again. Answers when that is certain; how far it is, the subscription tells. DELETE ends it.
/// </summary>
internal sealed class ReplaySubscription(Front front)
{
    private const string FromField = "from", ToField = "to";
    private const int From = 0;
    private const string Example = """{"from":"earliest"}""";

    public static readonly FieldTable Fields = new([FromField, ToField]);

    public async Task<Problem?> StartAsync(HttpContext context)
    {
        Problem? refused = front.OpenSubscription(context, out SubscriptionBroker subscriptions, out SubscriptionKey subscription)
            ?? QueryFields.Check(context.Request)
            ?? MediaTypes.CheckJson(context.Request, Example);
        if (refused is not null)
            return refused;
        var span = new Span();
        (RequestBody body, Problem? unread) = await Bodies.ReadAsync(context, front, BodyLimit.Document);
        using (body)
        {
            unread ??= Read(body, span);
            if (unread is not null)
                return unread;
        }
        return await AnswerAsync(context, subscription, await subscriptions.ReplayAsync(subscription, span.From, span.ToMs, CancellationToken.None));
    }

    public async Task<Problem?> EndAsync(HttpContext context)
    {
        Problem? refused = front.OpenSubscription(context, out SubscriptionBroker subscriptions, out SubscriptionKey subscription) ?? QueryFields.Check(context.Request);
        return refused ?? await AnswerAsync(context, subscription, await subscriptions.EndReplayAsync(subscription, CancellationToken.None));
    }

    private static async Task<Problem?> AnswerAsync(HttpContext context, SubscriptionKey subscription, Result<SubscriptionDescription> replayed)
    {
        if (!replayed.IsOk)
            return Problem.Of(replayed.Error, subscription.Topic);
        await SubscriptionDocument.AnswerAsync(context, replayed.Value, isCreated: false);
        return null;
    }

    private static Problem? Read(RequestBody body, Span span)
    {
        using var document = new RequestDocument(body.Bytes);
        return JsonRequest.Parse(document, span, Parse);
    }

    private static Problem? Parse(ref Utf8JsonReader reader, RequestDocument document, Span span)
    {
        uint seen = 0;
        while (true)
        {
            if (Fields.Next(ref reader, ref seen, out int field) is { } refused)
                return refused;
            if (field == FieldTable.End)
                return (seen & (1u << From)) == 0 ? Problem.Of(FrontCode.MissingField, "earliest, or the time that the replay begins at.", FromField) : null;
            Problem? problem = field == From ? SubscriptionWords.ReadStart(ref reader, document, FromField, out span.From) : ReadTo(ref reader, document, span);
            if (problem is not null)
                return problem;
        }
    }

    private static Problem? ReadTo(ref Utf8JsonReader reader, RequestDocument document, Span span)
    {
        Problem? problem = JsonText.Bytes(ref reader, document, ToField, out ReadOnlyMemory<byte> text);
        long time = 0;
        problem ??= Timestamps.Read(text.Span, ToField, out time);
        span.ToMs = time;
        return problem;
    }

    private sealed class Span
    {
        public SubscriptionStart From;

        public long? ToMs { get; set; }
    }
}
