using System.Text.Json;
using Messaging.Broker.Names;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Subscriptions.Delivery;

namespace Messaging.Rest.Wire;

/// <summary>A subscription as JSON: its name, definition, whether it is paused, its latest replay, and times in one flat object.</summary>
internal static class SubscriptionWriter
{
    private static readonly JsonEncodedText CreatedAt = JsonEncodedText.Encode("createdAt");
    private static readonly JsonEncodedText ModifiedAt = JsonEncodedText.Encode("modifiedAt");
    private static readonly JsonEncodedText From = JsonEncodedText.Encode("from");
    private static readonly JsonEncodedText To = JsonEncodedText.Encode("to");

    public static void Write(Utf8JsonWriter writer, SubscriptionDescription subscription)
    {
        writer.WriteStartObject();
        writer.WriteString("name"u8, subscription.Key.Name.Value);
        WriteDefinition(writer, subscription.Definition);
        writer.WriteBoolean("paused"u8, subscription.Paused);
        if (subscription.Pending)
            writer.WriteBoolean("pending"u8, true);
        if (subscription.Replay is { } replay)
            Write(writer, replay);
        Timestamps.Write(writer, CreatedAt, subscription.CreatedAt.ToUnixTimeMilliseconds());
        Timestamps.Write(writer, ModifiedAt, subscription.ModifiedAt.ToUnixTimeMilliseconds());
        writer.WriteEndObject();
    }

    /// <summary>The fields of a definition, as they are sent.</summary>
    public static void WriteDefinition(Utf8JsonWriter writer, SubscriptionDefinition definition)
    {
        WriteTarget(writer, definition.Target);
        if (definition.Filter is { } filter)
            Write(writer, filter);
        writer.WriteBoolean("raw"u8, definition.Raw);
        if (definition.DeliveryPolicy is { } policy)
        {
            writer.WritePropertyName("deliveryPolicy"u8);
            writer.WriteRawValue(DeliveryPolicyWriter.Write(policy), skipInputValidation: true);
        }
        if (definition.Confirmed)
            writer.WriteBoolean("confirmed"u8, true);
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

    private static void WriteTarget(Utf8JsonWriter writer, SubscriptionTarget target)
    {
        writer.WriteStartObject("target"u8);
        switch (target)
        {
            case SubscriptionTarget.OfQueue queue:
                writer.WriteString("queue"u8, queue.Queue.Value);
                break;
            case SubscriptionTarget.OfEndpoint endpoint:
                writer.WriteString("url"u8, endpoint.Url);
                break;
            case SubscriptionTarget.OfMail mail:
                writer.WriteString("email"u8, mail.Address);
                if (mail.IsJson)
                    writer.WriteString("format"u8, SubscriptionWords.Json);
                break;
            case SubscriptionTarget.OfFunction function:
                writer.WriteString("function"u8, function.Url);
                break;
            case SubscriptionTarget.OfGateway gateway:
                writer.WriteString("gateway"u8, SubscriptionWords.NameOf(gateway.Protocol));
                writer.WriteString("endpoint"u8, gateway.Endpoint);
                break;
        }
        writer.WriteEndObject();
    }

    private static void WriteQueue(Utf8JsonWriter writer, ReadOnlySpan<byte> field, QueueName queue)
    {
        writer.WriteStartObject(field);
        writer.WriteString("queue"u8, queue.Value);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, SubscriptionReplay replay)
    {
        writer.WriteStartObject("replay"u8);
        writer.WriteString("status"u8, SubscriptionWords.NameOf(replay.Status));
        SubscriptionWords.WriteStart(writer, From, replay.From);
        if (replay.ToMs is { } to)
            Timestamps.Write(writer, To, to);
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
