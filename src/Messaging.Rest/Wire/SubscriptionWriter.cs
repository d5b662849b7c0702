using System.Text.Json;
using Messaging.Broker.Names;
using Messaging.Broker.Subscriptions;

namespace Messaging.Rest.Wire;

/// <summary>A subscription as JSON: its name, definition, whether it is paused, and times in one flat object.</summary>
internal static class SubscriptionWriter
{
    private static readonly JsonEncodedText CreatedAt = JsonEncodedText.Encode("createdAt");
    private static readonly JsonEncodedText ModifiedAt = JsonEncodedText.Encode("modifiedAt");

    public static void Write(Utf8JsonWriter writer, SubscriptionDescription subscription)
    {
        writer.WriteStartObject();
        writer.WriteString("name"u8, subscription.Key.Name.Value);
        WriteDefinition(writer, subscription.Definition);
        writer.WriteBoolean("paused"u8, subscription.Paused);
        Timestamps.Write(writer, CreatedAt, subscription.CreatedAt.ToUnixTimeMilliseconds());
        Timestamps.Write(writer, ModifiedAt, subscription.ModifiedAt.ToUnixTimeMilliseconds());
        writer.WriteEndObject();
    }

    /// <summary>The fields of a definition, as they are sent.</summary>
    public static void WriteDefinition(Utf8JsonWriter writer, SubscriptionDefinition definition)
    {
        if (definition.Target is SubscriptionTarget.OfQueue target)
            WriteQueue(writer, "target"u8, target.Queue);
        if (definition.Filter is { } filter)
            Write(writer, filter);
        writer.WriteBoolean("raw"u8, definition.Raw);
        if (definition.DeadLetter is { } deadLetter)
            WriteQueue(writer, "deadLetter"u8, deadLetter);
        SubscriptionWords.WriteStart(writer, definition.StartAt);
        writer.WritePropertyName("tags"u8);
        TextsWriter.Write(writer, definition.Tags);
        if (definition.Annotations.Count == 0)
            return;
        writer.WritePropertyName("annotations"u8);
        TextsWriter.Write(writer, definition.Annotations);
    }

    private static void WriteQueue(Utf8JsonWriter writer, ReadOnlySpan<byte> field, QueueName queue)
    {
        writer.WriteStartObject(field);
        writer.WriteString("queue"u8, queue.Value);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, SubscriptionFilter filter)
    {
        writer.WriteStartObject("filter"u8);
        writer.WriteString("scope"u8, SubscriptionWords.NameOf(filter.Scope));
        writer.WritePropertyName("policy"u8);
        // Judged when it was defined, and kept as it was written.
        writer.WriteRawValue(filter.PolicyJson, skipInputValidation: true);
        writer.WriteEndObject();
    }
}
