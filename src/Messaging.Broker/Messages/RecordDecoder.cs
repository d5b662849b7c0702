using System.Text;
using System.Text.Unicode;
using Messaging.Broker.Names;
using Messaging.Storage.Records;

namespace Messaging.Broker.Messages;

/// <summary>
/// A stored record as a message (message.md, <see cref="StoredHeaders"/>). Nothing is copied: bodies and values are slices of the record. Broker headers that
/// this version does not know are passed over. False for bytes that are no record of ours. Hot path: allocates only for attributes and rare content types.
/// </summary>
internal static class RecordDecoder
{
    /// <summary>What a record says; the body is a slice of it.</summary>
    internal ref struct Decoded
    {
        public ReadOnlyMemory<byte> Body;
        /// <summary>When it was sent: the record's timestamp, unless the record says otherwise.</summary>
        public readonly long SentAtMs(long timestampMs) => SentMs > 0 ? SentMs : timestampMs;

        public string? ContentType;
        public string? TraceParent;
        public string? TraceHeader;
        public string? Sender;
        public string? DeduplicationId;
        public long NotBeforeMs;
        public MessageId? Id;
        public long SentMs;
        public MessageOrigin? Origin;
        public string? Group;
        public int Priority;
        public long ExpiresMs;
        public IReadOnlyList<MessageAttribute> Attributes;

        /// <summary>Where the record is, or was, that this is a copy of; null for what was sent to the queue.</summary>
        public MessagePlace? PublishedAt;

        public string? Subject;

        /// <summary>The body has a text for each protocol.</summary>
        public bool IsStructured;

        /// <summary>The topic that the message is shown as a notification of; empty: it is shown as it is.</summary>
        public ReadOnlyMemory<byte> Envelope;

        /// <summary>Of a dead letter of a subscription: what its failure is told as, which is no part of a notification.</summary>
        public DeliveryFailure? Failure;

        /// <summary>When it was published, where the copy came later; else 0.</summary>
        public long PublishedMs;

        /// <summary>The subscription asked for it again.</summary>
        public bool IsReplayed;

        /// <summary>When the record was published that this is a copy of.</summary>
        public readonly long PublishedAtMs(long timestampMs) => PublishedMs > 0 ? PublishedMs : SentAtMs(timestampMs);

        /// <summary>It is no message: its subscription is to be confirmed.</summary>
        public bool IsConfirmation;

        public readonly bool IsShownOtherwise => IsStructured || !Envelope.IsEmpty;

        /// <summary>The body is this; that of a notification has the attributes in it.</summary>
        public void Show(ReadOnlyMemory<byte> body)
        {
            Body = body;
            if (Envelope.IsEmpty) return;
            (Attributes, ContentType) = (Failure?.Attributes ?? [], "application/json");
        }
    }

    public static bool TryRead(ReadOnlyMemory<byte> record, out Decoded message)
    {
        message = new Decoded { Attributes = [] };
        if (!RecordBodyReader.TryRead(record.Span, out RecordBodyReader reader)) return false;
        message.Body = Slice(record, reader.Value);
        // The key of a topic's record may be no group.
        if (!reader.KeyIsNull && NameRules.IsLegal(reader.Key)) message.Group = Encoding.UTF8.GetString(reader.Key);
        ReadOnlySpan<byte> typed = default;
        MessageAttribute[]? attributes = null;
        int count = 0;
        int broker = 0;
        RecordHeaderEnumerator headers = reader.Headers;
        while (headers.MoveNext())
        {
            if (headers.Name.StartsWith(StoredHeaders.ReservedPrefix))
            {
                broker++;
                if (headers.Name.SequenceEqual(StoredHeaders.NotBefore)) message.NotBeforeMs = StoredNumber.Read(headers.Value);
                else if (headers.Name.SequenceEqual(StoredHeaders.Expires)) message.ExpiresMs = StoredNumber.Read(headers.Value);
                else if (headers.Name.SequenceEqual(StoredHeaders.ContentType)) message.ContentType = ContentType(headers.Value);
                else if (headers.Name.SequenceEqual(StoredHeaders.Priority)) message.Priority = (int)StoredNumber.Read(headers.Value);
                else if (headers.Name.SequenceEqual(StoredHeaders.TraceParent)) message.TraceParent = Encoding.UTF8.GetString(headers.Value);
                else if (headers.Name.SequenceEqual(StoredHeaders.DeduplicationId)) message.DeduplicationId = Encoding.UTF8.GetString(headers.Value);
                else if (headers.Name.SequenceEqual(StoredHeaders.AttributeTypes)) typed = headers.Value;
                else if (headers.Name.SequenceEqual(StoredHeaders.Id) && headers.Value.Length == MessageId.Bytes) message.Id = new MessageId(headers.Value);
                else if (headers.Name.SequenceEqual(StoredHeaders.SentAt)) message.SentMs = StoredNumber.Read(headers.Value);
                else if (headers.Name.SequenceEqual(StoredHeaders.Origin)) message.Origin = StoredOrigin.Decode(headers.Value);
                else if (headers.Name.SequenceEqual(StoredHeaders.Sender)) message.Sender = Encoding.UTF8.GetString(headers.Value);
                else if (headers.Name.SequenceEqual(StoredHeaders.PublishedAt) && PublishedPlace.TryRead(headers.Value, out MessagePlace place)) message.PublishedAt = place;
                else if (headers.Name.SequenceEqual(StoredHeaders.Subject)) message.Subject = Encoding.UTF8.GetString(headers.Value);
                else if (headers.Name.SequenceEqual(StoredHeaders.Structured)) message.IsStructured = true;
                else if (headers.Name.SequenceEqual(StoredHeaders.Envelope)) message.Envelope = Slice(record, headers.Value);
                else if (headers.Name.SequenceEqual(StoredHeaders.PublishedTime)) message.PublishedMs = StoredNumber.Read(headers.Value);
                else if (headers.Name.SequenceEqual(StoredHeaders.Replayed)) message.IsReplayed = true;
                else if (headers.Name.SequenceEqual(StoredHeaders.Confirmation)) message.IsConfirmation = true;
                else if (headers.Name.SequenceEqual(StoredHeaders.FailureCode)) message.Failure = (message.Failure ?? DeliveryFailure.None) with { Code = Slice(record, headers.Value) };
                else if (headers.Name.SequenceEqual(StoredHeaders.FailureText)) message.Failure = (message.Failure ?? DeliveryFailure.None) with { Message = Slice(record, headers.Value) };
                else if (headers.Name.SequenceEqual(StoredHeaders.FailureId)) message.Failure = (message.Failure ?? DeliveryFailure.None) with { RequestId = Slice(record, headers.Value) };
                else if (headers.Name.SequenceEqual(StoredHeaders.TraceHeader)) message.TraceHeader = Encoding.UTF8.GetString(headers.Value);
                continue;
            }

            attributes ??= new MessageAttribute[Math.Min(reader.HeaderCount - broker, record.Length)];
            attributes[count] = Attribute(record, headers.Name, headers.Value, typed.Contains((byte)count));
            count++;
        }

        if (attributes is not null) message.Attributes = DistinctAttributes.Of(attributes, count);
        if (message.Failure is { } failure && message.Envelope.IsEmpty) message.Attributes = Joined(message.Attributes, failure.Attributes);
        return !headers.Malformed;
    }

    private static MessageAttribute[] Joined(IReadOnlyList<MessageAttribute> own, IReadOnlyList<MessageAttribute> told) => DistinctAttributes.Of([.. own, .. told], own.Count + told.Count);

    private static MessageAttribute Attribute(ReadOnlyMemory<byte> record, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, bool isTyped)
    {
        ReadOnlySpan<byte> customType = default;
        AttributeKind kind = isTyped ? StoredAttribute.Read(ref value, out customType) : AttributeKind.String;
        // A topic's record may have any bytes.
        if (!isTyped && !Utf8.IsValid(value)) kind = AttributeKind.Binary;
        return new MessageAttribute(Encoding.UTF8.GetString(name), kind, customType.IsEmpty ? null : Encoding.UTF8.GetString(customType), Slice(record, value));
    }

    // The common ones without an allocation.
    private static string ContentType(ReadOnlySpan<byte> value)
    {
        if (value.SequenceEqual("application/json"u8)) return "application/json";
        if (value.SequenceEqual("text/plain"u8)) return "text/plain";
        if (value.SequenceEqual("text/plain; charset=utf-8"u8)) return "text/plain; charset=utf-8";
        if (value.SequenceEqual("application/octet-stream"u8)) return "application/octet-stream";
        return Encoding.UTF8.GetString(value);
    }

    private static ReadOnlyMemory<byte> Slice(ReadOnlyMemory<byte> record, ReadOnlySpan<byte> part) =>
        record.Span.Overlaps(part, out int start) ? record.Slice(start, part.Length) : ReadOnlyMemory<byte>.Empty;
}
