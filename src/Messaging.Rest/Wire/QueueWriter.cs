using System.Text.Json;
using Messaging.Broker.Queues;

namespace Messaging.Rest.Wire;

/// <summary>A queue as JSON: its name, definition, times and counts in one flat object.</summary>
internal static class QueueWriter
{
    private static readonly JsonEncodedText CreatedAt = JsonEncodedText.Encode("createdAt");
    private static readonly JsonEncodedText ModifiedAt = JsonEncodedText.Encode("modifiedAt");

    public static void Write(Utf8JsonWriter writer, QueueDescription queue)
    {
        writer.WriteStartObject();
        writer.WriteString("name"u8, queue.Key.Name.Value);
        WriteDefinition(writer, queue.Definition);
        Timestamps.Write(writer, CreatedAt, queue.CreatedAt.ToUnixTimeMilliseconds());
        Timestamps.Write(writer, ModifiedAt, queue.ModifiedAt.ToUnixTimeMilliseconds());
        writer.WriteStartObject("counts"u8);
        writer.WriteNumber("ready"u8, queue.Counts.Ready);
        writer.WriteNumber("leased"u8, queue.Counts.Leased);
        writer.WriteNumber("delayed"u8, queue.Counts.Delayed);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteDefinition(Utf8JsonWriter writer, QueueDefinition definition)
    {
        writer.WriteString("type"u8, definition.Type switch { QueueType.Standard => "standard", QueueType.Fifo => "fifo" });
        writer.WriteNumber("leaseSeconds"u8, definition.LeaseSeconds);
        writer.WriteNumber("delaySeconds"u8, definition.DelaySeconds);
        writer.WriteNumber("retentionSeconds"u8, definition.RetentionSeconds);
        writer.WriteNumber("receiveWaitSeconds"u8, definition.ReceiveWaitSeconds);
        writer.WriteNumber("maxMessageBytes"u8, definition.MaxMessageBytes);
        writer.WriteNumber("priorities"u8, 1);
        writer.WriteStartObject("tags"u8);
        foreach ((string key, string value) in definition.Tags)
            writer.WriteString(key, value);
        writer.WriteEndObject();
    }
}
