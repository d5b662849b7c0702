using System.Text.Json;
using Messaging.Broker.Groups;
using Messaging.Broker.Topics;

namespace Messaging.Rest.Wire;

/// <summary>
/// Records of a group fetch as JSON: as many as fit into <see cref="RestLimits.FetchPageBytesMax"/>, but one in any case. The token commits what the page has and no more. Owned by the operation,
/// which owns the records too; not thread-safe. Hot path.
/// </summary>
internal sealed class GroupRecordsPage(GroupRecords records, BodyEncoding encoding)
{
    private static readonly JsonEncodedText LeasedUntil = JsonEncodedText.Encode("leasedUntil");

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("records"u8);
        for (int i = 0; i < records.Count; i++)
            WritePart(writer, i);
        writer.WriteEndArray();
        if (records.Token() is { } token)
        {
            writer.WriteString("commitToken"u8, token.ToString());
            Timestamps.Write(writer, LeasedUntil, records.LeasedUntilMs);
        }
        writer.WriteEndObject();
    }

    private void WritePart(Utf8JsonWriter writer, int part)
    {
        FetchedRecords fetched = records.RecordsOf(part);
        string topic = records.TopicOf(part).Value;
        using FetchedRecordReader reader = fetched.Read();
        while (writer.BytesCommitted + writer.BytesPending < RestLimits.FetchPageBytesMax && reader.MoveNext())
            RecordWriter.Write(writer, topic, fetched.Partition, in reader, encoding);
        records.Reached(part, reader.NextOffset, reader.Error);
    }
}
