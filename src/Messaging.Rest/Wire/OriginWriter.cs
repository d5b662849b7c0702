using System.Text.Json;
using Messaging.Broker.Messages;

namespace Messaging.Rest.Wire;

/// <summary>Where a dead message came from, as JSON.</summary>
internal static class OriginWriter
{
    private static readonly JsonEncodedText SentAt = JsonEncodedText.Encode("sentAt");

    public static void Write(Utf8JsonWriter writer, MessageOrigin origin)
    {
        writer.WriteStartObject("origin"u8);
        MessageWriter.WriteId(writer, origin.Id);
        writer.WriteString("queue"u8, origin.Queue.Name.Value);
        writer.WriteString("namespace"u8, origin.Queue.Namespace.Value);
        writer.WriteString("reason"u8, NameOf(origin.Reason));
        if (origin.Detail is not null)
            writer.WriteString("detail"u8, origin.Detail);
        writer.WriteNumber("receiveCount"u8, origin.ReceiveCount);
        Timestamps.Write(writer, SentAt, origin.SentAtMs);
        writer.WriteEndObject();
    }

    public static string NameOf(MoveReason reason) => reason switch
    {
        MoveReason.MaxReceives => "maxReceives",
        MoveReason.Rejected => "rejected",
    };
}
