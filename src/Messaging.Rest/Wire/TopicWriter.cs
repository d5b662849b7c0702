using System.Text.Json;
using Messaging.Broker.Topics;

namespace Messaging.Rest.Wire;

/// <summary>A topic as JSON: its name, id, definition and times in one flat object.</summary>
internal static class TopicWriter
{
    private static readonly JsonEncodedText CreatedAt = JsonEncodedText.Encode("createdAt");
    private static readonly JsonEncodedText ModifiedAt = JsonEncodedText.Encode("modifiedAt");

    public static void Write(Utf8JsonWriter writer, TopicDescription topic)
    {
        writer.WriteStartObject();
        writer.WriteString("name"u8, topic.Key.Name.Value);
        writer.WriteString("namespace"u8, topic.Key.Namespace.Value);
        writer.WriteString("id"u8, topic.Id);
        WriteDefinition(writer, topic.Definition);
        Timestamps.Write(writer, CreatedAt, topic.CreatedAt.ToUnixTimeMilliseconds());
        Timestamps.Write(writer, ModifiedAt, topic.ModifiedAt.ToUnixTimeMilliseconds());
        writer.WriteEndObject();
    }

    /// <summary>The fields of a definition, as they are sent.</summary>
    public static void WriteDefinition(Utf8JsonWriter writer, TopicDefinition definition)
    {
        writer.WriteNumber("partitions"u8, definition.Partitions);
        writer.WriteString("type"u8, TopicWords.NameOf(definition.Type));
        if (definition.RetentionSeconds is { } seconds)
            writer.WriteNumber("retentionSeconds"u8, seconds);
        else
            writer.WriteNull("retentionSeconds"u8);
        if (definition.RetentionBytes is { } bytes)
            writer.WriteNumber("retentionBytes"u8, bytes);
        else
            writer.WriteNull("retentionBytes"u8);
        writer.WriteString("cleanup"u8, TopicWords.NameOf(definition.Cleanup));
        writer.WriteNumber("minCompactionLagSeconds"u8, definition.MinCompactionLagSeconds);
        writer.WriteNumber("tombstoneSeconds"u8, definition.TombstoneSeconds);
        writer.WriteNumber("maxMessageBytes"u8, definition.MaxMessageBytes);
        writer.WriteString("timestamps"u8, TopicWords.NameOf(definition.Timestamps));
        if (definition.Deduplication is { } deduplication)
            DeduplicationParser.Write(writer, deduplication, DeduplicationParser.Topic);
        writer.WritePropertyName("tags"u8);
        TextsWriter.Write(writer, definition.Tags);
        if (definition.Annotations.Count == 0)
            return;
        writer.WritePropertyName("annotations"u8);
        TextsWriter.Write(writer, definition.Annotations);
    }
}
