using System.Text.Json;
using Messaging.Broker;
using Messaging.Broker.Topics;

namespace Messaging.Rest.Wire;

/// <summary>
/// One page of fetched records as JSON: as many as asked for, and as fit into <see cref="RestLimits.FetchPageBytesMax"/>, but one in any case, so that every page makes progress.
/// Owned by the operation, which owns the records too; not thread-safe. Hot path.
/// </summary>
internal sealed class RecordPage(FetchedRecords fetched, int recordsMax, BodyEncoding encoding)
{
    /// <summary>Records on the page.</summary>
    public int Count { get; private set; }

    /// <summary>Why what follows can't be read. A page that has records ends before it, and says so to whoever asks on.</summary>
    public BrokerError? Error { get; private set; }

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("records"u8);
        long nextOffset = WriteRecords(writer);
        writer.WriteEndArray();
        writer.WriteNumber("nextOffset"u8, nextOffset);
        writer.WriteNumber("highWatermark"u8, fetched.Offsets.HighWatermark);
        writer.WriteNumber("lastStableOffset"u8, fetched.Offsets.LastStable);
        writer.WriteNumber("lowOffset"u8, fetched.Offsets.Low);
        writer.WriteEndObject();
    }

    private long WriteRecords(Utf8JsonWriter writer)
    {
        using FetchedRecordReader reader = fetched.Read();
        while (Count < recordsMax && writer.BytesCommitted + writer.BytesPending < RestLimits.FetchPageBytesMax && reader.MoveNext())
        {
            RecordWriter.Write(writer, in reader, encoding);
            Count++;
        }
        Error = reader.Error;
        return reader.NextOffset;
    }
}
