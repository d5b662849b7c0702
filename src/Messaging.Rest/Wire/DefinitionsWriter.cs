using System.Text.Json;
using Messaging.Broker.Catalog;
using Messaging.Broker.Names;
using Messaging.Rest.Errors;

namespace Messaging.Rest.Wire;

/// <summary>The documents about definitions: the definitions themselves, what a change of them did, and what is wrong with one.</summary>
internal static class DefinitionsWriter
{
    // "]}" behind the last list, and what comes behind the queues before the first of that.
    private static readonly int BytesOfEnd = "]}"u8.Length + "],\"topics\":["u8.Length + "],\"subscriptions\":["u8.Length;

    /// <summary>False, with half a document, where it would be larger than one that is taken back.</summary>
    public static bool TryWrite(Utf8JsonWriter writer, CatalogDefinitions definitions)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("queues"u8);
        foreach (QueueDefinitionEntry entry in definitions.Document.Queues)
        {
            writer.WriteStartObject();
            WriteKey(writer, ResourceKey.Of(entry.Key));
            QueueWriter.WriteDefinition(writer, entry.Definition!);
            writer.WriteEndObject();
            if (IsTooLarge(writer))
                return false;
        }
        writer.WriteEndArray();
        writer.WriteStartArray("topics"u8);
        foreach (TopicDefinitionEntry entry in definitions.Document.Topics)
        {
            writer.WriteStartObject();
            WriteKey(writer, ResourceKey.Of(entry.Key));
            TopicWriter.WriteDefinition(writer, entry.Definition!);
            writer.WriteEndObject();
            if (IsTooLarge(writer))
                return false;
        }
        writer.WriteEndArray();
        writer.WriteStartArray("subscriptions"u8);
        foreach (SubscriptionDefinitionEntry entry in definitions.Document.Subscriptions)
        {
            writer.WriteStartObject();
            WriteKey(writer, ResourceKey.Of(entry.Key));
            SubscriptionWriter.WriteDefinition(writer, entry.Definition!);
            writer.WriteEndObject();
            if (IsTooLarge(writer))
                return false;
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
        return true;
    }

    public static void Write(Utf8JsonWriter writer, AppliedDefinitions applied)
    {
        writer.WriteStartObject();
        writer.WriteBoolean("applied"u8, applied.IsApplied);
        writer.WriteStartArray("changes"u8);
        foreach (DefinitionChange change in applied.Changes)
        {
            writer.WriteStartObject();
            writer.WriteString("kind"u8, DefinitionWords.NameOf(change.Key.Kind));
            WriteKey(writer, change.Key);
            writer.WriteString("change"u8, change.IsCreated ? "created"u8 : "changed"u8);
            writer.WriteStartArray("fields"u8);
            foreach (string field in change.Fields)
                writer.WriteStringValue(field);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteNumber("unchanged"u8, applied.Unchanged);
        writer.WriteEndObject();
    }

    /// <summary>The first problem as the answer's, and all of them behind it.</summary>
    public static void WriteErrors(Utf8JsonWriter writer, IReadOnlyList<Problem> errors, int count)
    {
        writer.WriteStartObject();
        errors[0].WriteMembers(writer);
        writer.WriteStartArray("errors"u8);
        foreach (Problem error in errors)
        {
            writer.WriteStartObject();
            error.WriteEntryMembers(writer);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteNumber("errorCount"u8, count);
        writer.WriteEndObject();
    }

    private static bool IsTooLarge(Utf8JsonWriter writer) => writer.BytesCommitted + writer.BytesPending > RestLimits.DefinitionsBytesMax - BytesOfEnd;

    private static void WriteKey(Utf8JsonWriter writer, in ResourceKey key)
    {
        writer.WriteString("namespace"u8, key.Namespace.Value);
        if (key.Topic is { } topic)
            writer.WriteString("topic"u8, topic);
        writer.WriteString("name"u8, key.Name);
    }
}
