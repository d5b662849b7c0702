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
    private const int TypeListMax = BrokerLimits.AttributesMax;
    private const int VarintBytesMax = 10;

    /// <summary>The first rule that the message breaks, or null and its size as limits count it: body, and names, types and values of attributes.</summary>
    public static BrokerError? Check(in OutgoingMessage message, in MessageRules rules, long now, int index, out long size)
    {
        size = message.Body.Length;
        if (message.DeliverAtMs - now > BrokerLimits.DelaySecondsMax * 1_000L)
        {
            return Invalid($"A time is at most {BrokerLimits.DelaySecondsMax} seconds from now.", index, "deliverAt");
        }

        if (message.DelayMilliseconds is < OutgoingMessage.QueueDelay or > BrokerLimits.DelaySecondsMax * 1_000L)
        {
            return Invalid($"A delay is 0 to {BrokerLimits.DelaySecondsMax} seconds.", index, "delaySeconds");
        }

        if (message.ExpiresInMilliseconds is < OutgoingMessage.NoExpiry or > BrokerLimits.ExpiresInSecondsMax * 1_000L)
        {
            return Invalid($"A message expires in at most {BrokerLimits.ExpiresInSecondsMax} seconds.", index, "expiresInSeconds");
        }

        if (TooLong(message.ContentType, BrokerLimits.ContentTypeBytesMax)) return Invalid($"A content type has at most {BrokerLimits.ContentTypeBytesMax} bytes.", index, "contentType");
        if (TooLong(message.TraceParent, BrokerLimits.ContentTypeBytesMax)) return Invalid($"A trace parent has at most {BrokerLimits.ContentTypeBytesMax} bytes.", index, "traceparent");
        if (TooLong(message.TraceHeader, BrokerLimits.TraceHeaderBytesMax)) return Invalid($"A trace header has at most {BrokerLimits.TraceHeaderBytesMax} bytes.", index, "traceHeader");
        if (TooLong(message.Sender, BrokerLimits.SenderBytesMax)) return Invalid($"A sender has at most {BrokerLimits.SenderBytesMax} bytes.", index, "sender");
        if (message.Group is null ? rules.NeedsGroup : !NameRules.IsLegal(message.Group))
        {
            return Invalid(message.Group is null ? "A FIFO queue's messages have a group." : $"A group is {NameRules.Text}.", index, "group");
        }

        if (message.Priority < 0 || message.Priority >= rules.Priorities)
        {
            return Invalid($"A priority is 0 to {rules.Priorities - 1} in this queue, not {message.Priority}.", index, "priority");
        }

        BrokerError? refusal = message.Attributes is { Count: > 0 } attributes ? CheckAttributes(attributes, index, ref size) : null;
        if (refusal is not null) return refusal;
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
        if (message.Attributes is { Count: > 0 } attributes)
        {
            bytes += RecordBody.MeasureHeader(StoredHeaders.AttributeTypes.Length, TypeListMax);
            for (int i = 0; i < attributes.Count; i++)
            {
                MessageAttribute attribute = attributes[i];
                bytes += RecordBody.MeasureHeader(Encoding.UTF8.GetByteCount(attribute.Name), StoredLength(attribute));
            }

            headers += attributes.Count;
        }

        return RecordBody.Measure(message.Group is { } group ? Encoding.UTF8.GetByteCount(group) : RecordBody.NullLength, message.Body.Length, headers + 7, bytes);
    }

    /// <summary>Writes the body and returns its bytes; <paramref name="notBeforeMs"/> 0: no delay; <paramref name="expiresMs"/> 0: it does not expire; an empty deduplication id: none.</summary>
    public static int Write(Span<byte> destination, in OutgoingMessage message, long notBeforeMs, long expiresMs, ReadOnlySpan<byte> deduplicationId)
    {
        Span<byte> typed = stackalloc byte[TypeListMax];
        int typedCount = ListTyped(message.Attributes, typed);
        int headers = (notBeforeMs > 0 ? 1 : 0) + (expiresMs > 0 ? 1 : 0) + (message.Priority > 0 ? 1 : 0) + (message.ContentType is null ? 0 : 1) + (message.TraceParent is null ? 0 : 1)
            + (message.TraceHeader is null ? 0 : 1) + (message.Sender is null ? 0 : 1) + (deduplicationId.IsEmpty ? 0 : 1) + (typedCount > 0 ? 1 : 0) + (message.Attributes?.Count ?? 0);

        var writer = new RecordBodyWriter(destination);
        WriteGroup(ref writer, message.Group);
        writer.WriteValue(message.Body.Span);
        writer.WriteHeaderCount(headers);
        if (notBeforeMs > 0) WriteNumber(ref writer, StoredHeaders.NotBefore, notBeforeMs);
        if (message.Priority > 0) WriteNumber(ref writer, StoredHeaders.Priority, message.Priority);
        if (expiresMs > 0) WriteNumber(ref writer, StoredHeaders.Expires, expiresMs);
        if (message.ContentType is { } contentType) WriteText(ref writer, StoredHeaders.ContentType, contentType, BrokerLimits.ContentTypeBytesMax);
        if (message.TraceParent is { } traceParent) WriteText(ref writer, StoredHeaders.TraceParent, traceParent, BrokerLimits.ContentTypeBytesMax);
        if (message.TraceHeader is { } traceHeader) WriteText(ref writer, StoredHeaders.TraceHeader, traceHeader, BrokerLimits.TraceHeaderBytesMax);
        if (message.Sender is { } sender) WriteText(ref writer, StoredHeaders.Sender, sender, BrokerLimits.SenderBytesMax);
        if (!deduplicationId.IsEmpty) writer.WriteHeader(StoredHeaders.DeduplicationId, deduplicationId);
        if (typedCount > 0) writer.WriteHeader(StoredHeaders.AttributeTypes, typed[..typedCount]);
        for (int i = 0; i < message.Attributes?.Count; i++) WriteAttribute(ref writer, message.Attributes[i]);
        return writer.Written;
    }

    private static BrokerError? CheckAttributes(IReadOnlyList<MessageAttribute> attributes, int index, ref long size)
    {
        if (attributes.Count > BrokerLimits.AttributesMax)
        {
            return Invalid($"A message has at most {BrokerLimits.AttributesMax} attributes, not {attributes.Count}.", index, "attributes");
        }

        for (int i = 0; i < attributes.Count; i++)
        {
            MessageAttribute attribute = attributes[i];
            int nameBytes = attribute.Name is null ? 0 : Encoding.UTF8.GetByteCount(attribute.Name);
            if (nameBytes is 0 or > BrokerLimits.AttributeNameBytesMax)
            {
                return Invalid($"An attribute's name has 1 to {BrokerLimits.AttributeNameBytesMax} bytes.", index, "attributes");
            }

            if (attribute.Name!.StartsWith("_m.", StringComparison.Ordinal)) return Invalid("Names that begin with \"_m.\" are the broker's.", index, "attributes");
            if (attribute.Kind > AttributeKind.Binary) return Invalid("An attribute is a string, a number or binary.", index, "attributes");
            int typeBytes = attribute.CustomType is null ? 0 : Encoding.UTF8.GetByteCount(attribute.CustomType);
            if (typeBytes > BrokerLimits.AttributeNameBytesMax || attribute.CustomType is "")
            {
                return Invalid($"A custom type has 1 to {BrokerLimits.AttributeNameBytesMax} bytes.", index, "attributes");
            }

            if (attribute.Kind == AttributeKind.Number && !AttributeNumber.IsValid(attribute.Value.Span))
            {
                return Invalid($"The attribute \"{attribute.Name}\" is not a decimal number of at most 38 digits.", index, "attributes");
            }

            for (int j = 0; j < i; j++)
            {
                if (attributes[j].Name == attribute.Name) return Invalid($"The attribute \"{attribute.Name}\" is there twice.", index, "attributes");
            }

            size += nameBytes + typeBytes + attribute.Value.Length;
        }

        return null;
    }

    private static BrokerError Invalid(string detail, int index, string field) => new(ErrorCode.InvalidValue, detail, $"messages[{index}].{field}");

    private static bool TooLong(string? text, int bytesMax) => text is not null && Encoding.UTF8.GetByteCount(text) > bytesMax;

    private static bool IsTyped(in MessageAttribute attribute) => attribute.Kind != AttributeKind.String || attribute.CustomType is not null;

    private static int ListTyped(IReadOnlyList<MessageAttribute>? attributes, Span<byte> typed)
    {
        int count = 0;
        for (int i = 0; i < attributes?.Count; i++)
        {
            if (IsTyped(attributes[i])) typed[count++] = (byte)i;
        }

        return count;
    }

    // The custom type's length is at most 256, so that its varint has two bytes.
    private static int StoredLength(in MessageAttribute attribute)
    {
        if (!IsTyped(attribute)) return attribute.Value.Length;
        return attribute.CustomType is null ? 1 + attribute.Value.Length : 3 + Encoding.UTF8.GetByteCount(attribute.CustomType) + attribute.Value.Length;
    }

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

    private static void WriteAttribute(ref RecordBodyWriter writer, in MessageAttribute attribute)
    {
        Span<byte> nameBuffer = stackalloc byte[BrokerLimits.AttributeNameBytesMax];
        ReadOnlySpan<byte> name = nameBuffer[..Encoding.UTF8.GetBytes(attribute.Name, nameBuffer)];
        if (!IsTyped(attribute))
        {
            writer.WriteHeader(name, attribute.Value.Span);
            return;
        }

        byte[] value = System.Buffers.ArrayPool<byte>.Shared.Rent(StoredLength(attribute));
        int length = 0;
        value[length++] = (byte)((byte)attribute.Kind | (attribute.CustomType is null ? 0 : StoredHeaders.CustomTypeFlag));
        if (attribute.CustomType is not null)
        {
            int typeBytes = Encoding.UTF8.GetByteCount(attribute.CustomType);
            if (typeBytes > 0x7F) value[length++] = (byte)(typeBytes | 0x80);
            value[length++] = (byte)(typeBytes > 0x7F ? typeBytes >> 7 : typeBytes);
            length += Encoding.UTF8.GetBytes(attribute.CustomType, value.AsSpan(length));
        }

        attribute.Value.Span.CopyTo(value.AsSpan(length));
        writer.WriteHeader(name, value.AsSpan(0, length + attribute.Value.Length));
        System.Buffers.ArrayPool<byte>.Shared.Return(value);
    }
}
