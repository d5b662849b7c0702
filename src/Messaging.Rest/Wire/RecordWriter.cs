using System.Text.Json;
using Messaging.Broker.Topics;

namespace Messaging.Rest.Wire;

/// <summary>One record as JSON, as it was published or as it was fetched. A record without a key has no key's member; of a tombstone body is null. Hot path: no allocation.</summary>
internal static class RecordWriter
{
    private static readonly JsonEncodedText Topic = JsonEncodedText.Encode("topic");
    private static readonly JsonEncodedText Partition = JsonEncodedText.Encode("partition");
    private static readonly JsonEncodedText Offset = JsonEncodedText.Encode("offset");
    private static readonly JsonEncodedText Duplicate = JsonEncodedText.Encode("duplicate");
    private static readonly JsonEncodedText Key = JsonEncodedText.Encode("key");
    private static readonly JsonEncodedText KeyBase64 = JsonEncodedText.Encode("keyBase64");
    private static readonly JsonEncodedText Body = JsonEncodedText.Encode("body");
    private static readonly JsonEncodedText BodyBase64 = JsonEncodedText.Encode("bodyBase64");
    private static readonly JsonEncodedText ContentType = JsonEncodedText.Encode("contentType");
    private static readonly JsonEncodedText Headers = JsonEncodedText.Encode("headers");
    private static readonly JsonEncodedText Name = JsonEncodedText.Encode("name");
    private static readonly JsonEncodedText Value = JsonEncodedText.Encode("value");
    private static readonly JsonEncodedText ValueBase64 = JsonEncodedText.Encode("valueBase64");
    private static readonly JsonEncodedText Timestamp = JsonEncodedText.Encode("timestamp");

    /// <summary>The record that the reader is on.</summary>
    public static void Write(Utf8JsonWriter writer, in FetchedRecordReader record, BodyEncoding encoding)
    {
        writer.WriteStartObject();
        WriteMembers(writer, in record, encoding);
        writer.WriteEndObject();
    }

    /// <summary>The same with the place that it is from, where a call has records of several.</summary>
    public static void Write(Utf8JsonWriter writer, string topic, int partition, in FetchedRecordReader record, BodyEncoding encoding)
    {
        writer.WriteStartObject();
        writer.WriteString(Topic, topic);
        writer.WriteNumber(Partition, partition);
        WriteMembers(writer, in record, encoding);
        writer.WriteEndObject();
    }

    private static void WriteMembers(Utf8JsonWriter writer, in FetchedRecordReader record, BodyEncoding encoding)
    {
        writer.WriteNumber(Offset, record.Offset);
        if (!record.KeyIsNull)
            BytesWriter.Write(writer, Key, KeyBase64, record.Key, encoding);
        if (record.ValueIsNull)
            writer.WriteNull(Body);
        else
            BytesWriter.Write(writer, Body, BodyBase64, record.Value, encoding);
        if (!record.ContentType.IsEmpty)
            BytesWriter.WriteText(writer, ContentType, record.ContentType);
        WriteHeaders(writer, record.Headers, encoding);
        Timestamps.WriteKnown(writer, Timestamp, record.TimestampMs);
    }

    /// <summary>The members of a published record.</summary>
    public static void WritePublished(Utf8JsonWriter writer, in PublishOutcome outcome)
    {
        writer.WriteNumber(Partition, outcome.Partition);
        writer.WriteNumber(Offset, outcome.Offset);
        if (outcome.IsDuplicate)
            writer.WriteBoolean(Duplicate, true);
    }

    /// <summary>A record batch that is stored.</summary>
    public static void Write(Utf8JsonWriter writer, in PublishedBatch batch)
    {
        writer.WriteStartObject();
        writer.WriteNumber(Partition, batch.Partition);
        writer.WriteNumber("baseOffset"u8, batch.BaseOffset);
        writer.WriteNumber("count"u8, batch.Count);
        if (batch.IsDuplicate)
            writer.WriteBoolean(Duplicate, true);
        writer.WriteEndObject();
    }

    private static void WriteHeaders(Utf8JsonWriter writer, FetchedHeaderEnumerator headers, BodyEncoding encoding)
    {
        writer.WriteStartArray(Headers);
        while (headers.MoveNext())
        {
            writer.WriteStartObject();
            BytesWriter.WriteText(writer, Name, headers.Name);
            if (headers.ValueIsNull)
                writer.WriteNull(Value);
            else
                BytesWriter.Write(writer, Value, ValueBase64, headers.Value, encoding);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }
}
