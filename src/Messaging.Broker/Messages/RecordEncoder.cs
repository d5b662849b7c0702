using System.Text;
using Messaging.Broker.Names;
using Messaging.Storage.Records;

namespace Messaging.Broker.Messages;

/// <summary>
/// A message as the body of a stored record (message.md, <see cref="StoredHeaders"/>). Checked and measured first, then written into memory
/// of the caller. Hot path: no allocation for a message without attributes.
/// </summary>
internal static class RecordEncoder
{
    private const int VarintBytesMax = 10;

    /// <summary>The first rule that the message breaks, or null and its size as limits count it: body, and names, types and values of attributes.</summary>
    public static BrokerError? Check(in OutgoingMessage message, in MessageRules rules, long now, int index, out long size)
    {
        size = message.Body.Length;
        if (message.DeliverAtMs - now > MessageLimits.DelaySecondsMax * 1_000L)
        {
            return Invalid($"A time is at most {MessageLimits.DelaySecondsMax} seconds from now.", index, "deliverAt");
        }

        if (message.DelayMilliseconds is < OutgoingMessage.QueueDelay or > MessageLimits.DelaySecondsMax * 1_000L)
        {
            return Invalid($"A delay is 0 to {MessageLimits.DelaySecondsMax} seconds.", index, "delaySeconds");
        }

        if (message.ExpiresInMilliseconds is < OutgoingMessage.NoExpiry or > MessageLimits.ExpiresInSecondsMax * 1_000L)
        {
            return Invalid($"A message expires in at most {MessageLimits.ExpiresInSecondsMax} seconds.", index, "expiresInSeconds");
        }

        if (TooLong(message.ContentType, MessageLimits.ContentTypeBytesMax)) return Invalid($"A content type has at most {MessageLimits.ContentTypeBytesMax} bytes.", index, "contentType");
        if (TooLong(message.TraceParent, MessageLimits.ContentTypeBytesMax)) return Invalid($"A trace parent has at most {MessageLimits.ContentTypeBytesMax} bytes.", index, "traceparent");
        if (TooLong(message.TraceHeader, MessageLimits.TraceHeaderBytesMax)) return Invalid($"A trace header has at most {MessageLimits.TraceHeaderBytesMax} bytes.", index, "traceHeader");
        if (TooLong(message.Sender, MessageLimits.SenderBytesMax)) return Invalid($"A sender has at most {MessageLimits.SenderBytesMax} bytes.", index, "sender");
        if (message.Group is null ? rules.NeedsGroup : !NameRules.IsLegal(message.Group))
        {
            return Invalid(message.Group is null ? "A FIFO queue's messages have a group." : $"A group is {NameRules.Text}.", index, "group");
        }

        if (message.Priority < 0 || message.Priority >= rules.Priorities)
        {
            return Invalid($"A priority is 0 to {rules.Priorities - 1} in this queue, not {message.Priority}.", index, "priority");
        }

        if (AttributeEncoder.Check(message.Attributes, "messages", index, ref size) is { } refusal) return refusal;
        return size <= rules.BytesMax
            ? null
            : new BrokerError(ErrorCode.MessageTooLarge, $"The message has {size} bytes with its attributes; the queue takes at most {rules.BytesMax}.", $"messages[{index}]");
    }

    /// <summary>Bytes of the record's body, or a little more. The deduplication id is that of <see cref="Write"/>.</summary>
    public static int Measure(in OutgoingMessage message, int deduplicationIdBytes)
    {
        int headers = 2;
        int bytes = RecordBody.MeasureHeader(StoredHeaders.NotBefore.Length, VarintBytesMax) + RecordBody.MeasureHeader(StoredHeaders.Priority.Length, VarintBytesMax);
        if (message.ExpiresInMilliseconds > 0) bytes += RecordBody.MeasureHeader(StoredHeaders.Expires.Length, VarintBytesMax);
        if (deduplicationIdBytes > 0) bytes += RecordBody.MeasureHeader(StoredHeaders.DeduplicationId.Length, deduplicationIdBytes);
        if (message.ContentType is { } contentType) bytes += RecordBody.MeasureHeader(StoredHeaders.ContentType.Length, Encoding.UTF8.GetByteCount(contentType));
        if (message.TraceParent is { } traceParent) bytes += RecordBody.MeasureHeader(StoredHeaders.TraceParent.Length, Encoding.UTF8.GetByteCount(traceParent));
        if (message.TraceHeader is { } traceHeader) bytes += RecordBody.MeasureHeader(StoredHeaders.TraceHeader.Length, Encoding.UTF8.GetByteCount(traceHeader));
        if (message.Sender is { } sender) bytes += RecordBody.MeasureHeader(StoredHeaders.Sender.Length, Encoding.UTF8.GetByteCount(sender));
        bytes += AttributeEncoder.Measure(message.Attributes);
        headers += AttributeEncoder.Count(message.Attributes);
        return RecordBody.Measure(message.Group is { } group ? Encoding.UTF8.GetByteCount(group) : RecordBody.NullLength, message.Body.Length, headers + 7, bytes);
    }

    /// <summary>Writes the body and returns its bytes; <paramref name="notBeforeMs"/> 0: no delay; <paramref name="expiresMs"/> 0: it does not expire; an empty deduplication id: none.</summary>
    public static int Write(Span<byte> destination, in OutgoingMessage message, long notBeforeMs, long expiresMs, ReadOnlySpan<byte> deduplicationId)
    {
        int headers = (notBeforeMs > 0 ? 1 : 0) + (expiresMs > 0 ? 1 : 0) + (message.Priority > 0 ? 1 : 0) + (message.ContentType is null ? 0 : 1) + (message.TraceParent is null ? 0 : 1)
            + (message.TraceHeader is null ? 0 : 1) + (message.Sender is null ? 0 : 1) + (deduplicationId.IsEmpty ? 0 : 1) + AttributeEncoder.Count(message.Attributes);

        var writer = new RecordBodyWriter(destination);
        WriteGroup(ref writer, message.Group);
        writer.WriteValue(message.Body.Span);
        writer.WriteHeaderCount(headers);
        if (notBeforeMs > 0) WriteNumber(ref writer, StoredHeaders.NotBefore, notBeforeMs);
        if (message.Priority > 0) WriteNumber(ref writer, StoredHeaders.Priority, message.Priority);
        if (expiresMs > 0) WriteNumber(ref writer, StoredHeaders.Expires, expiresMs);
        if (message.ContentType is { } contentType) WriteText(ref writer, StoredHeaders.ContentType, contentType, MessageLimits.ContentTypeBytesMax);
        if (message.TraceParent is { } traceParent) WriteText(ref writer, StoredHeaders.TraceParent, traceParent, MessageLimits.ContentTypeBytesMax);
        if (message.TraceHeader is { } traceHeader) WriteText(ref writer, StoredHeaders.TraceHeader, traceHeader, MessageLimits.TraceHeaderBytesMax);
        if (message.Sender is { } sender) WriteText(ref writer, StoredHeaders.Sender, sender, MessageLimits.SenderBytesMax);
        if (!deduplicationId.IsEmpty) writer.WriteHeader(StoredHeaders.DeduplicationId, deduplicationId);
        AttributeEncoder.Write(ref writer, message.Attributes);
        return writer.Written;
    }

    private static BrokerError Invalid(string detail, int index, string field) => new(ErrorCode.InvalidValue, detail, $"messages[{index}].{field}");

    private static bool TooLong(string? text, int bytesMax) => text is not null && Encoding.UTF8.GetByteCount(text) > bytesMax;

    private static void WriteGroup(ref RecordBodyWriter writer, string? group)
    {
        Span<byte> key = stackalloc byte[BrokerLimits.NameBytesMax];
        if (group is null) writer.WriteNullKey();
        else writer.WriteKey(key[..Encoding.UTF8.GetBytes(group, key)]);
    }

    private static void WriteNumber(ref RecordBodyWriter writer, ReadOnlySpan<byte> name, long number)
    {
        Span<byte> value = stackalloc byte[VarintBytesMax];
        int length = 0;
        ulong rest = (ulong)number;
        for (; rest > 0x7F; rest >>= 7) value[length++] = (byte)(rest | 0x80);
        value[length++] = (byte)rest;
        writer.WriteHeader(name, value[..length]);
    }

    private static void WriteText(ref RecordBodyWriter writer, ReadOnlySpan<byte> name, string text, int bytesMax)
    {
        Span<byte> value = stackalloc byte[bytesMax];
        writer.WriteHeader(name, value[..Encoding.UTF8.GetBytes(text, value)]);
    }
}
