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

    /// <summary>The fields of a definition, as they are sent.</summary>
    public static void WriteDefinition(Utf8JsonWriter writer, QueueDefinition definition)
    {
        writer.WriteString("type"u8, TypeName(definition.Type));
        writer.WriteNumber("leaseSeconds"u8, definition.LeaseSeconds);
        writer.WriteNumber("delaySeconds"u8, definition.DelaySeconds);
        writer.WriteNumber("retentionSeconds"u8, definition.RetentionSeconds);
        writer.WriteNumber("receiveWaitSeconds"u8, definition.ReceiveWaitSeconds);
        writer.WriteNumber("maxMessageBytes"u8, definition.MaxMessageBytes);
        writer.WriteNumber("priorities"u8, definition.Priorities);
        if (definition.MaxMessages is { } messages)
            writer.WriteNumber("maxMessages"u8, messages);
        if (definition.DeadLetter is { } deadLetter)
            Write(writer, deadLetter);
        if (definition.Deduplication is { } deduplication)
            DeduplicationParser.Write(writer, deduplication, DeduplicationParser.Queue);
        if (definition.Retry is { } retry)
            Write(writer, retry);
        writer.WritePropertyName("tags"u8);
        TextsWriter.Write(writer, definition.Tags);
        if (definition.Annotations.Count > 0)
        {
            writer.WritePropertyName("annotations"u8);
            TextsWriter.Write(writer, definition.Annotations);
        }
    }

    private static string TypeName(QueueType type) => type switch { QueueType.Standard => "standard", QueueType.Fifo => "fifo" };

    private static void Write(Utf8JsonWriter writer, DeadLetterDefinition deadLetter)
    {
        writer.WriteStartObject("deadLetter"u8);
        writer.WriteString("queue"u8, deadLetter.Queue.Value);
        writer.WriteNumber("maxReceives"u8, deadLetter.MaxReceives);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, RetryDefinition retry)
    {
        writer.WriteStartObject("retry"u8);
        writer.WriteNumber("minSeconds"u8, retry.MinSeconds);
        writer.WriteNumber("maxSeconds"u8, retry.MaxSeconds);
        writer.WriteNumber("factor"u8, retry.Factor);
        writer.WriteNumber("jitter"u8, retry.Jitter);
        writer.WriteEndObject();
    }
}
