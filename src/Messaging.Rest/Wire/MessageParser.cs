using System.Diagnostics;
using System.Text.Json;
using Messaging.Broker;
using Messaging.Broker.Messages;
using Messaging.Broker.Queues;
using Messaging.Rest.Errors;

namespace Messaging.Rest.Wire;

/// <summary>
/// One message of a send. Its memory points into the document. What a value may be is the broker's to say; here stands only what JSON
/// adds: types, names, and that there is exactly one body. Hot path.
/// </summary>
internal static class MessageParser
{
    public const string ContentTypeOfJson = "application/json";

    private const int Body = 0, Json = 1, BodyBase64 = 2, ContentType = 3, Attributes = 4, DelaySeconds = 5, DeliverAt = 6, TraceParent = 7, Group = 8, Priority = 9,
        ExpiresInSeconds = 10, DeduplicationId = 11;

    public static readonly FieldTable Fields = new(
        ["body", "json", "bodyBase64", "contentType", "attributes", "delaySeconds", "deliverAt", "traceparent", "group", "priority", "expiresInSeconds", "deduplicationId"],
        later: ["tracestate"]);

    public static Problem? Read(ref Utf8JsonReader reader, RequestDocument document, out OutgoingMessage message)
    {
        message = default;
        if (reader.TokenType != JsonTokenType.StartObject)
            return Problem.Of(ErrorCode.InvalidValue, "Must be an object.");
        var draft = new Draft();
        uint seen = 0;
        while (true)
        {
            if (Fields.Next(ref reader, ref seen, out int field) is { } refused)
                return refused;
            if (field == FieldTable.End)
                return Finish(in draft, seen, out message);
            if (ReadField(ref reader, document, field, ref draft) is { } problem)
                return problem;
        }
    }

    private static Problem? ReadField(ref Utf8JsonReader reader, RequestDocument document, int field, ref Draft draft) => field switch
    {
        Body => JsonText.Bytes(ref reader, document, "body", out draft.Body),
        Json => JsonText.Raw(ref reader, document, out draft.Body),
        BodyBase64 => JsonText.Base64Bytes(ref reader, document, "bodyBase64", out draft.Body),
        ContentType => JsonText.Text(ref reader, document, "contentType", out draft.ContentType!)
            ?? (ContentTypes.IsValid(draft.ContentType) ? null : Problem.Invalid("contentType", ContentTypes.Rule)),
        Attributes => AttributeParser.Read(ref reader, document, out draft.Attributes),
        DelaySeconds => ReadDelay(ref reader, out draft.DelayMilliseconds),
        DeliverAt => JsonText.Time(ref reader, document, "deliverAt", out draft.DeliverAtMs),
        Group => JsonText.Text(ref reader, document, "group", out draft.Group!),
        Priority => JsonText.Integer(ref reader, "priority", 0, QueueLimits.PrioritiesMax - 1, out draft.Priority),
        ExpiresInSeconds => ReadExpiry(ref reader, out draft.ExpiresInMilliseconds),
        TraceParent => JsonText.Text(ref reader, document, "traceparent", out draft.TraceParent!)
            ?? (TraceParents.IsValid(draft.TraceParent) ? null : Problem.Invalid("traceparent", TraceParents.Rule)),
        DeduplicationId => JsonText.Text(ref reader, document, "deduplicationId", out draft.DeduplicationId!),
        _ => throw new UnreachableException($"Field {field} has no case."),
    };

    private static Problem? Finish(in Draft draft, uint seen, out OutgoingMessage message)
    {
        message = default;
        uint bodies = seen & (1u << Body | 1u << Json | 1u << BodyBase64);
        if (bodies == 0)
            return Problem.Of(FrontCode.MissingField, "A message has one of body, json and bodyBase64.", "body");
        if ((bodies & (bodies - 1)) != 0)
            return Problem.Invalid((bodies & 1u << BodyBase64) != 0 ? "bodyBase64" : "json", "A message has only one of body, json and bodyBase64.");
        if ((seen & (1u << DelaySeconds)) != 0 && (seen & (1u << DeliverAt)) != 0)
            return Problem.Invalid("deliverAt", "A message has only one of delaySeconds and deliverAt.");
        message = new OutgoingMessage
        {
            Body = draft.Body,
            ContentType = draft.ContentType ?? ((seen & (1u << Json)) != 0 ? ContentTypeOfJson : null),
            Attributes = draft.Attributes,
            DelayMilliseconds = (seen & (1u << DelaySeconds)) == 0 ? OutgoingMessage.QueueDelay : draft.DelayMilliseconds,
            DeliverAtMs = (seen & (1u << DeliverAt)) == 0 ? null : draft.DeliverAtMs,
            ExpiresInMilliseconds = draft.ExpiresInMilliseconds,
            TraceParent = draft.TraceParent,
            Group = draft.Group,
            Priority = draft.Priority,
            DeduplicationId = draft.DeduplicationId,
        };
        return null;
    }

    private static Problem? ReadDelay(ref Utf8JsonReader reader, out long milliseconds)
    {
        Problem? problem = JsonText.Integer(ref reader, "delaySeconds", 0, MessageLimits.DelaySecondsMax, out int seconds);
        milliseconds = seconds * 1000L;
        return problem;
    }

    private static Problem? ReadExpiry(ref Utf8JsonReader reader, out long milliseconds)
    {
        Problem? problem = JsonText.Integer(ref reader, "expiresInSeconds", 1, MessageLimits.ExpiresInSecondsMax, out int seconds);
        milliseconds = seconds * 1000L;
        return problem;
    }

    /// <summary>What has been read of a message so far.</summary>
    private ref struct Draft
    {
        public ReadOnlyMemory<byte> Body;
        public string? ContentType;
        public IReadOnlyList<MessageAttribute>? Attributes;
        public long DelayMilliseconds;
        public long DeliverAtMs;
        public long ExpiresInMilliseconds;
        public string? TraceParent;
        public string? Group;
        public int Priority;
        public string? DeduplicationId;
    }
}
