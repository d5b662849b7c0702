using Google.Protobuf.Collections;
using Messaging.Broker;
using Messaging.Broker.Messages;
using Messaging.Grpc.Calls;
using Messaging.Grpc.Errors;
using Messaging.Grpc.Streams;

namespace Messaging.Grpc.Queues;

/// <summary>
/// A message to send, as the broker takes it: its body stays where the request has it. What a value may be is the broker's to say; here stands only what the wire adds. Hot path.
/// </summary>
internal static class MessageReader
{
    /// <summary>The field that holds the messages of a call.</summary>
    public const string Place = "messages";

    /// <summary>Counts the messages of a stream's request, and what they have.</summary>
    public static RequestParts Count(RepeatedField<V1.OutgoingMessage> messages)
    {
        int attributes = 0;
        foreach (V1.OutgoingMessage message in messages)
            attributes += message.Attributes.Count;
        return new RequestParts(messages.Count, attributes);
    }

    /// <summary>Reads all messages of a call, which stand at <paramref name="place"/>; what is wrong with one is its own refusal.</summary>
    public static Entries<OutgoingMessage> Read(RepeatedField<V1.OutgoingMessage> messages, string place)
    {
        var entries = Entries<OutgoingMessage>.OfCall(messages.Count, place);
        foreach (V1.OutgoingMessage wire in messages)
        {
            BrokerError? refusal = Read(wire, out OutgoingMessage message);
            entries.Add(in message, refusal);
        }
        return entries;
    }

    public static MessageId ReadId(string text) =>
        MessageId.TryParse(text, out MessageId id) ? id : throw Refusal.Invalid("id", "Must be a message's id, as a send has answered it.");

    /// <summary>Null for any.</summary>
    public static MessageState? ReadState(V1.MessageState state) => state switch
    {
        V1.MessageState.Unspecified => null,
        V1.MessageState.Ready => MessageState.Ready,
        V1.MessageState.Leased => MessageState.Leased,
        V1.MessageState.Delayed => MessageState.Delayed,
        _ => throw Refusal.Invalid("state", "The state is ready, leased or delayed."),
    };

    public static BrokerError? Read(V1.OutgoingMessage wire, out OutgoingMessage message)
    {
        message = default;
        long deliverAtMs = 0;
        if (wire.DeliveryCase == V1.OutgoingMessage.DeliveryOneofCase.DeliverAt && Times.Read(wire.DeliverAt, out deliverAtMs) is { } noTime)
            return Invalid("deliverAt", noTime);
        if (wire.ContentType.Length > 0 && !ContentTypes.IsValid(wire.ContentType))
            return Invalid("contentType", ContentTypes.Rule);
        if (wire.Traceparent.Length > 0 && !TraceParents.IsValid(wire.Traceparent))
            return Invalid("traceparent", TraceParents.Rule);
        if (wire.HasExpiresInSeconds && wire.ExpiresInSeconds is < 1 or > MessageLimits.ExpiresInSecondsMax)
            return Invalid("expiresInSeconds", $"Must be 1 to {MessageLimits.ExpiresInSecondsMax}.");
        if (wire.HasDelaySeconds && wire.DelaySeconds is < 0 or > MessageLimits.DelaySecondsMax)
            return Invalid("delaySeconds", $"Must be 0 to {MessageLimits.DelaySecondsMax}.");
        if (Attributes.Read(wire.Attributes, out IReadOnlyList<MessageAttribute>? attributes) is { } refused)
            return refused;
        message = new OutgoingMessage
        {
            Body = wire.Body.Memory,
            ContentType = Pages.Maybe(wire.ContentType),
            Attributes = attributes,
            DelayMilliseconds = wire.HasDelaySeconds ? wire.DelaySeconds * 1000L : OutgoingMessage.QueueDelay,
            DeliverAtMs = wire.DeliveryCase == V1.OutgoingMessage.DeliveryOneofCase.DeliverAt ? deliverAtMs : null,
            ExpiresInMilliseconds = wire.ExpiresInSeconds * 1000L,
            TraceParent = Pages.Maybe(wire.Traceparent),
            Group = Pages.Maybe(wire.Group),
            Priority = wire.Priority,
            DeduplicationId = Pages.Maybe(wire.DeduplicationId),
        };
        return null;
    }

    // The place of the entry is put before it by who knows it.
    private static BrokerError Invalid(string field, string detail) => new(ErrorCode.InvalidValue, detail, "[]." + field);
}
