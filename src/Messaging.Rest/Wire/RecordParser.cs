using System.Diagnostics;
using System.Text.Json;
using Messaging.Broker;
using Messaging.Broker.Messages;
using Messaging.Broker.Topics;
using Messaging.Rest.Errors;

namespace Messaging.Rest.Wire;

/// <summary>
/// One record of a publish. Its memory points into the document. What a value may be is the broker's to say; here stands only what JSON adds: types, names, and
/// that there is exactly one body, of which null is a tombstone. Hot path.
/// </summary>
internal static class RecordParser
{
    private const int Key = 0, KeyJson = 1, KeyBase64 = 2, Body = 3, Json = 4, BodyBase64 = 5, ContentType = 6, Headers = 7, Timestamp = 8, Partition = 9,
        Sequence = 10, Attributes = 11, DeduplicationId = 12, Subject = 13;

    public static readonly FieldTable Fields = new(
        ["key", "keyJson", "keyBase64", "body", "json", "bodyBase64", "contentType", "headers", "timestamp", "partition", "sequence", "attributes", "deduplicationId", "subject"]);

    public static Problem? Read(ref Utf8JsonReader reader, RequestDocument document, out OutgoingRecord record)
    {
        record = default;
        if (reader.TokenType != JsonTokenType.StartObject)
            return Problem.Of(ErrorCode.InvalidValue, "Must be an object.");
        var draft = new Draft();
        uint seen = 0;
        while (true)
        {
            if (Fields.Next(ref reader, ref seen, out int field) is { } refused)
                return refused;
            if (field == FieldTable.End)
                return Finish(in draft, seen, out record);
            if (ReadField(ref reader, document, field, ref draft) is { } problem)
                return problem;
        }
    }

    private static Problem? ReadField(ref Utf8JsonReader reader, RequestDocument document, int field, ref Draft draft) => field switch
    {
        Key => SentBytes.Text(ref reader, document, "key", out draft.Key),
        KeyJson => SentBytes.Json(ref reader, document, out draft.Key),
        KeyBase64 => SentBytes.Base64(ref reader, document, "keyBase64", out draft.Key),
        Body => SentBytes.Text(ref reader, document, "body", out draft.Body),
        Json => SentBytes.Json(ref reader, document, out draft.Body),
        BodyBase64 => SentBytes.Base64(ref reader, document, "bodyBase64", out draft.Body),
        ContentType => JsonText.Text(ref reader, document, "contentType", out draft.ContentType!)
            ?? (ContentTypes.IsValid(draft.ContentType) ? null : Problem.Invalid("contentType", ContentTypes.Rule)),
        Headers => RecordHeaderParser.Read(ref reader, document, out draft.Headers),
        Attributes => AttributeParser.Read(ref reader, document, out draft.Attributes),
        DeduplicationId => JsonText.Text(ref reader, document, "deduplicationId", out draft.DeduplicationId!),
        Subject => JsonText.Text(ref reader, document, "subject", out draft.Subject!),
        Timestamp => JsonText.Time(ref reader, document, "timestamp", out draft.TimestampMs),
        Partition => JsonText.Integer(ref reader, "partition", 0, TopicLimits.PartitionsMax - 1, out draft.Partition),
        Sequence => JsonText.Integer(ref reader, "sequence", 0, int.MaxValue, out draft.Sequence),
        _ => throw new UnreachableException($"Field {field} has no case."),
    };

    private static Problem? Finish(in Draft draft, uint seen, out OutgoingRecord record)
    {
        record = new OutgoingRecord
        {
            Key = draft.Key,
            Value = draft.Body,
            ContentType = draft.ContentType ?? ((seen & (1u << Json)) != 0 ? MessageParser.ContentTypeOfJson : null),
            Headers = draft.Headers,
            Attributes = draft.Attributes,
            DeduplicationId = draft.DeduplicationId,
            Subject = draft.Subject,
            TimestampMs = (seen & (1u << Timestamp)) == 0 ? null : draft.TimestampMs,
            Partition = (seen & (1u << Partition)) == 0 ? null : draft.Partition,
            Sequence = (seen & (1u << Sequence)) == 0 ? null : draft.Sequence,
        };
        return SentBytes.CheckOne(Fields, Key, seen) ?? SentBytes.CheckExactlyOne(Fields, Body, seen);
    }

    /// <summary>What has been read of a record so far.</summary>
    private ref struct Draft
    {
        public ReadOnlyMemory<byte>? Key;
        public ReadOnlyMemory<byte>? Body;
        public string? ContentType;
        public IReadOnlyList<RecordHeader>? Headers;
        public IReadOnlyList<MessageAttribute>? Attributes;
        public string? DeduplicationId;
        public string? Subject;
        public long TimestampMs;
        public int Partition;
        public int Sequence;
    }
}
