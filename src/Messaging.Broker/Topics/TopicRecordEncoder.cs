using System.Text;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Storage.Records;

namespace Messaging.Broker.Topics;

/// <summary>
/// A published record as the body of a stored one (message.md): its key and value, the broker's headers, then its own in their order. Checked and measured first, then written into memory of the
/// caller. Hot path: no allocation for a record without headers.
/// </summary>
internal static class TopicRecordEncoder
{
    /// <summary>The first rule that the record breaks, or null, and its size as limits count it: key, value, names and values of headers.</summary>
    public static BrokerError? Check(in OutgoingRecord record, TopicDefinition definition, int partitions, int index, out long size)
    {
        size = (record.Key?.Length ?? 0) + (long)(record.Value?.Length ?? 0);
        if (record.Partition is { } partition && (uint)partition >= (uint)partitions)
        {
            return new BrokerError(ErrorCode.PartitionNotFound, $"The topic has the partitions 0 to {partitions - 1}, not {partition}.", Field(index, "partition"));
        }

        if (record.TimestampMs is < 0 or > MessageLimits.TimestampMsMax) return Invalid("A timestamp is a time from 1970 to 9999.", index, "timestamp");
        if (definition.Type == TopicType.Fifo && (record.Key is not { } group || !NameRules.IsLegal(group.Span)))
        {
            return Invalid($"A FIFO topic's records have a key, which is their group: {NameRules.Text}.", index, "key");
        }

        if (DeduplicationIds.Check(record.DeduplicationId, definition.Deduplication, "topic", "records", index) is { } noId) return noId;
        if (record.Key is null && definition.IsCompacted)
        {
            return new BrokerError(ErrorCode.RecordInvalid, "The topic is compacted: its records have keys.", Field(index, "key"));
        }

        if (record.ContentType is { } type && Encoding.UTF8.GetByteCount(type) > MessageLimits.ContentTypeBytesMax)
        {
            return Invalid($"A content type has at most {MessageLimits.ContentTypeBytesMax} bytes.", index, "contentType");
        }

        if (TooLong(record.Subject, TopicLimits.SubjectBytesMax)) return Invalid($"A subject has at most {TopicLimits.SubjectBytesMax} bytes.", index, "subject");
        if (TooLong(record.Sender, MessageLimits.SenderBytesMax)) return Invalid($"A sender has at most {MessageLimits.SenderBytesMax} bytes.", index, "sender");
        if (record.IsStructured && !MessageStructure.IsSound(record.Value ?? default))
        {
            return Invalid("A structured message is a JSON object with a text by the name \"default\".", index, "body");
        }

        if (AttributeEncoder.Check(record.Attributes, "records", index, ref size) is { } refused) return refused;
        if (record.Headers is { Count: > 0 } headers && CheckHeaders(headers, index, ref size) is { } refusal) return refusal;
        return size <= definition.MaxMessageBytes
            ? null
            : new BrokerError(
                ErrorCode.MessageTooLarge, $"The record has {size} bytes with its key and headers; the topic takes at most {definition.MaxMessageBytes}.", $"records[{index}]");
    }

    /// <summary>Bytes of the record's body; <paramref name="hasPlace"/>: it ends with a <see cref="PublishedPlace"/>. <paramref name="idBytes"/>: of its deduplication id.</summary>
    public static int Measure(in OutgoingRecord record, bool hasPlace = false, int idBytes = 0)
    {
        int bytes = (hasPlace ? PublishedPlace.Bytes : 0) + MeasureText(StoredHeaders.ContentType, record.ContentType) + MeasureText(StoredHeaders.Subject, record.Subject)
            + MeasureText(StoredHeaders.Sender, record.Sender) + (record.IsStructured ? RecordBody.MeasureHeader(StoredHeaders.Structured.Length, 0) : 0)
            + AttributeEncoder.Measure(record.Attributes) + (idBytes == 0 ? 0 : RecordBody.MeasureHeader(StoredHeaders.DeduplicationId.Length, idBytes));

        for (int i = 0; i < record.Headers?.Count; i++)
        {
            RecordHeader header = record.Headers[i];
            bytes += RecordBody.MeasureHeader(Encoding.UTF8.GetByteCount(header.Name), header.Value?.Length ?? RecordBody.NullLength);
        }

        return RecordBody.Measure(record.Key?.Length ?? RecordBody.NullLength, record.Value?.Length ?? RecordBody.NullLength, CountHeaders(record, hasPlace, idBytes), bytes);
    }

    /// <summary>
    /// Writes the body and returns its bytes; <paramref name="hasPlace"/>: it ends with an empty <see cref="PublishedPlace"/>. <paramref name="id"/>: its deduplication id, empty for none.
    /// </summary>
    public static int Write(Span<byte> destination, in OutgoingRecord record, bool hasPlace = false, ReadOnlySpan<byte> id = default)
    {
        var writer = new RecordBodyWriter(destination);
        if (record.Key is { } key) writer.WriteKey(key.Span);
        else writer.WriteNullKey();
        if (record.Value is { } value) writer.WriteValue(value.Span);
        else writer.WriteNullValue();
        writer.WriteHeaderCount(CountHeaders(record, hasPlace, id.Length));
        Span<byte> text = stackalloc byte[TopicLimits.SubjectBytesMax];
        if (record.ContentType is { } type) writer.WriteHeader(StoredHeaders.ContentType, text[..Encoding.UTF8.GetBytes(type, text)]);
        if (record.Subject is { } subject) writer.WriteHeader(StoredHeaders.Subject, text[..Encoding.UTF8.GetBytes(subject, text)]);
        if (record.Sender is { } sender) writer.WriteHeader(StoredHeaders.Sender, text[..Encoding.UTF8.GetBytes(sender, text)]);
        if (record.IsStructured) writer.WriteHeader(StoredHeaders.Structured, default);
        if (!id.IsEmpty) writer.WriteHeader(StoredHeaders.DeduplicationId, id);
        AttributeEncoder.Write(ref writer, record.Attributes);
        for (int i = 0; i < record.Headers?.Count; i++)
        {
            RecordHeader header = record.Headers[i];
            ReadOnlySpan<byte> name = text[..Encoding.UTF8.GetBytes(header.Name, text)];
            if (header.Value is { } bytes) writer.WriteHeader(name, bytes.Span);
            else writer.WriteNullHeader(name);
        }

        if (hasPlace) PublishedPlace.WriteEmpty(ref writer);
        return writer.Written;
    }

    private static int CountHeaders(in OutgoingRecord record, bool hasPlace, int idBytes) =>
        (record.ContentType is null ? 0 : 1) + (record.Subject is null ? 0 : 1) + (record.Sender is null ? 0 : 1) + (record.IsStructured ? 1 : 0) + (idBytes > 0 ? 1 : 0)
        + AttributeEncoder.Count(record.Attributes) + (record.Headers?.Count ?? 0) + (hasPlace ? 1 : 0);

    private static int MeasureText(ReadOnlySpan<byte> name, string? text) => text is null ? 0 : RecordBody.MeasureHeader(name.Length, Encoding.UTF8.GetByteCount(text));

    private static bool TooLong(string? text, int bytesMax) => text is not null && Encoding.UTF8.GetByteCount(text) > bytesMax;

    private static BrokerError? CheckHeaders(IReadOnlyList<RecordHeader> headers, int index, ref long size)
    {
        if (headers.Count > TopicLimits.RecordHeadersMax) return Invalid($"A record has at most {TopicLimits.RecordHeadersMax} headers, not {headers.Count}.", index, "headers");
        for (int i = 0; i < headers.Count; i++)
        {
            int nameBytes = Encoding.UTF8.GetByteCount(headers[i].Name);
            if (nameBytes > TopicLimits.RecordHeaderNameBytesMax) return Invalid($"A header's name has at most {TopicLimits.RecordHeaderNameBytesMax} bytes.", index, "headers");
            if (headers[i].Name.StartsWith("_m.", StringComparison.Ordinal)) return Invalid("Names that begin with \"_m.\" are the broker's.", index, "headers");
            size += nameBytes + (headers[i].Value?.Length ?? 0);
        }

        return null;
    }

    private static BrokerError Invalid(string detail, int index, string field) => new(ErrorCode.InvalidValue, detail, Field(index, field));

    private static string Field(int index, string field) => $"records[{index}].{field}";
}
