using System.Text.Json;
using Messaging.Broker.Topics;

namespace Messaging.Rest.Wire;

/// <summary>Partitions and places in them as JSON.</summary>
internal static class PartitionWriter
{
    private static readonly JsonEncodedText Timestamp = JsonEncodedText.Encode("timestamp");

    public static void Write(Utf8JsonWriter writer, PartitionDescription partition)
    {
        writer.WriteStartObject();
        WriteMembers(writer, partition.Number, partition.Offsets);
        writer.WriteNumber("bytes"u8, partition.Bytes);
        writer.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter writer, int partition, PartitionOffsets offsets)
    {
        writer.WriteStartObject();
        WriteMembers(writer, partition, offsets);
        writer.WriteEndObject();
    }

    /// <summary>Without a timestamp where no record is of that place.</summary>
    public static void Write(Utf8JsonWriter writer, FoundOffset found)
    {
        writer.WriteStartObject();
        writer.WriteNumber("partition"u8, found.Partition);
        writer.WriteNumber("offset"u8, found.Offset);
        if (found.TimestampMs is { } timestampMs)
            Timestamps.WriteKnown(writer, Timestamp, timestampMs);
        writer.WriteEndObject();
    }

    private static void WriteMembers(Utf8JsonWriter writer, int partition, PartitionOffsets offsets)
    {
        writer.WriteNumber("partition"u8, partition);
        writer.WriteNumber("lowOffset"u8, offsets.Low);
        writer.WriteNumber("highWatermark"u8, offsets.HighWatermark);
        writer.WriteNumber("lastStableOffset"u8, offsets.LastStable);
    }
}
