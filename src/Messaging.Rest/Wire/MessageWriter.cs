using System.Globalization;
using System.Text.Json;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;

namespace Messaging.Rest.Wire;

/// <summary>One message as JSON, as it was received or as it stands in its queue. Hot path.</summary>
internal static class MessageWriter
{
    private const int SequenceDigits = 20;

    private static readonly JsonEncodedText Id = JsonEncodedText.Encode("id");
    private static readonly JsonEncodedText Body = JsonEncodedText.Encode("body");
    private static readonly JsonEncodedText BodyBase64 = JsonEncodedText.Encode("bodyBase64");
    private static readonly JsonEncodedText ContentType = JsonEncodedText.Encode("contentType");
    private static readonly JsonEncodedText Attributes = JsonEncodedText.Encode("attributes");
    private static readonly JsonEncodedText Type = JsonEncodedText.Encode("type");
    private static readonly JsonEncodedText Value = JsonEncodedText.Encode("value");
    private static readonly JsonEncodedText ValueBase64 = JsonEncodedText.Encode("valueBase64");
    private static readonly JsonEncodedText SentAt = JsonEncodedText.Encode("sentAt");
    private static readonly JsonEncodedText ExpiresAt = JsonEncodedText.Encode("expiresAt");
    private static readonly JsonEncodedText FirstReceivedAt = JsonEncodedText.Encode("firstReceivedAt");
    private static readonly JsonEncodedText LeasedUntil = JsonEncodedText.Encode("leasedUntil");
    private static readonly JsonEncodedText ReceiveCount = JsonEncodedText.Encode("receiveCount");
    private static readonly JsonEncodedText ReceiptName = JsonEncodedText.Encode("receipt");
    private static readonly JsonEncodedText State = JsonEncodedText.Encode("state");
    private static readonly JsonEncodedText Ready = JsonEncodedText.Encode("ready");
    private static readonly JsonEncodedText Leased = JsonEncodedText.Encode("leased");
    private static readonly JsonEncodedText Delayed = JsonEncodedText.Encode("delayed");
    private static readonly JsonEncodedText AvailableAt = JsonEncodedText.Encode("availableAt");
    private static readonly JsonEncodedText Duplicate = JsonEncodedText.Encode("duplicate");
    private static readonly JsonEncodedText DeduplicationId = JsonEncodedText.Encode("deduplicationId");
    private static readonly JsonEncodedText TraceParent = JsonEncodedText.Encode("traceparent");
    private static readonly JsonEncodedText Sender = JsonEncodedText.Encode("sender");
    private static readonly JsonEncodedText PublishedId = JsonEncodedText.Encode("publishedId");
    private static readonly JsonEncodedText Replayed = JsonEncodedText.Encode("replayed");
    private static readonly JsonEncodedText Group = JsonEncodedText.Encode("group");
    private static readonly JsonEncodedText Priority = JsonEncodedText.Encode("priority");
    private static readonly JsonEncodedText Sequence = JsonEncodedText.Encode("sequence");

    public static void Write(Utf8JsonWriter writer, in ReceivedMessage message, BodyEncoding encoding)
    {
        writer.WriteStartObject();
        WriteId(writer, message.Id);
        WriteContent(writer, message.Body.Span, encoding, message.ContentType, message.Attributes);
        WriteOrder(writer, message.Group, message.Priority, message.Sequence);
        Timestamps.Write(writer, SentAt, message.SentAtMs);
        if (message.ExpiresAtMs > 0)
            Timestamps.Write(writer, ExpiresAt, message.ExpiresAtMs);
        Timestamps.Write(writer, FirstReceivedAt, message.FirstReceivedAtMs);
        Timestamps.Write(writer, LeasedUntil, message.LeasedUntilMs);
        writer.WriteNumber(ReceiveCount, message.ReceiveCount);
        WriteReceipt(writer, message.Receipt);
        WritePublishedId(writer, message.PublishedId, message.IsReplayed);
        WriteProvenance(writer, message.Sender, message.TraceParent, message.DeduplicationId, message.Origin);
        writer.WriteEndObject();
    }

    /// <summary>All that a receiver would be shown, but for a receipt; and what the message waits for.</summary>
    public static void Write(Utf8JsonWriter writer, in BrowsedMessage message, BodyEncoding encoding, QueueName? movedTo = null)
    {
        writer.WriteStartObject();
        WriteId(writer, message.Id);
        if (movedTo is { } queue)
            writer.WriteString("queue"u8, queue.Value);
        writer.WriteString(State, NameOf(message.State));
        WriteContent(writer, message.Body.Span, encoding, message.ContentType, message.Attributes);
        WriteOrder(writer, message.Group, message.Priority, message.Sequence);
        Timestamps.Write(writer, SentAt, message.SentAtMs);
        if (message.ExpiresAtMs > 0)
            Timestamps.Write(writer, ExpiresAt, message.ExpiresAtMs);
        if (message.AvailableAtMs > 0)
            Timestamps.Write(writer, AvailableAt, message.AvailableAtMs);
        if (message.FirstReceivedAtMs > 0)
            Timestamps.Write(writer, FirstReceivedAt, message.FirstReceivedAtMs);
        if (message.LeasedUntilMs > 0)
            Timestamps.Write(writer, LeasedUntil, message.LeasedUntilMs);
        writer.WriteNumber(ReceiveCount, message.ReceiveCount);
        WritePublishedId(writer, message.PublishedId, message.IsReplayed);
        WriteProvenance(writer, message.Sender, message.TraceParent, message.DeduplicationId, message.Origin);
        writer.WriteEndObject();
    }

    /// <summary>The members of a sent message.</summary>
    public static void WriteSent(Utf8JsonWriter writer, in SendOutcome outcome)
    {
        WriteId(writer, outcome.Id);
        if (outcome.IsDuplicate)
            writer.WriteBoolean(Duplicate, true);
        WriteSequence(writer, outcome.Sequence);
    }

    public static void WriteId(Utf8JsonWriter writer, MessageId id)
    {
        Span<byte> text = stackalloc byte[MessageId.TextLength];
        id.TryFormat(text, out int written);
        writer.WriteString(Id, text[..written]);
    }

    /// <summary>As many digits as Amazon SQS has, so that texts compare as numbers do.</summary>
    public static void WriteSequence(Utf8JsonWriter writer, long? sequence)
    {
        Span<byte> digits = stackalloc byte[SequenceDigits];
        if (sequence is { } number && number.TryFormat(digits, out int written, "D20", CultureInfo.InvariantCulture))
            writer.WriteString(Sequence, digits[..written]);
    }

    /// <summary>A message that was leased and can't be read: what is known of it.</summary>
    public static void WriteDamaged(Utf8JsonWriter writer, DamagedMessage message)
    {
        writer.WriteStartObject();
        WriteId(writer, message.Id);
        WriteReceipt(writer, message.Receipt);
        writer.WriteEndObject();
    }

    private static JsonEncodedText NameOf(MessageState state) => state switch
    {
        MessageState.Ready => Ready,
        MessageState.Leased => Leased,
        MessageState.Delayed => Delayed,
    };

    private static void WriteContent(
        Utf8JsonWriter writer, ReadOnlySpan<byte> body, BodyEncoding encoding, string? contentType, IReadOnlyList<MessageAttribute> attributes)
    {
        BytesWriter.Write(writer, Body, BodyBase64, body, encoding);
        if (contentType is not null)
            writer.WriteString(ContentType, contentType);
        WriteAttributes(writer, attributes);
    }

    private static void WriteOrder(Utf8JsonWriter writer, string? group, int priority, long? sequence)
    {
        if (group is not null)
            writer.WriteString(Group, group);
        if (priority > 0)
            writer.WriteNumber(Priority, priority);
        WriteSequence(writer, sequence);
    }

    private static void WritePublishedId(Utf8JsonWriter writer, MessageId? id, bool isReplayed)
    {
        Span<byte> text = stackalloc byte[MessageId.TextLength];
        if (id is { } published && published.TryFormat(text, out int length))
            writer.WriteString(PublishedId, text[..length]);
        if (isReplayed)
            writer.WriteBoolean(Replayed, true);
    }

    private static void WriteProvenance(Utf8JsonWriter writer, string? sender, string? traceParent, string? deduplicationId, MessageOrigin? origin)
    {
        if (sender is not null)
            writer.WriteString(Sender, sender);
        if (traceParent is not null)
            writer.WriteString(TraceParent, traceParent);
        if (deduplicationId is not null)
            writer.WriteString(DeduplicationId, deduplicationId);
        if (origin is not null)
            OriginWriter.Write(writer, origin);
    }

    private static void WriteAttributes(Utf8JsonWriter writer, IReadOnlyList<MessageAttribute> attributes)
    {
        writer.WriteStartObject(Attributes);
        for (int index = 0; index < attributes.Count; index++)
        {
            MessageAttribute attribute = attributes[index];
            writer.WriteStartObject(attribute.Name);
            writer.WriteString(Type, AttributeParser.TypeName(attribute.Kind, attribute.CustomType));
            if (attribute.Kind == AttributeKind.Binary)
                writer.WriteBase64String(ValueBase64, attribute.Value.Span);
            else
                writer.WriteString(Value, attribute.Value.Span);
            writer.WriteEndObject();
        }
        writer.WriteEndObject();
    }

    private static void WriteReceipt(Utf8JsonWriter writer, Receipt receipt)
    {
        Span<byte> text = stackalloc byte[Receipt.TextLength];
        receipt.TryFormat(text, out int written);
        writer.WriteString(ReceiptName, text[..written]);
    }
}
