using System.Text.Json;
using Messaging.Broker.Operations;

namespace Messaging.Rest.Wire;

/// <summary>A long operation as JSON.</summary>
internal static class OperationWriter
{
    private static readonly JsonEncodedText StartedAt = JsonEncodedText.Encode("startedAt");
    private static readonly JsonEncodedText EndedAt = JsonEncodedText.Encode("endedAt");

    public static void Write(Utf8JsonWriter writer, LongOperation operation)
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, operation.Id.ToString());
        writer.WriteString("kind"u8, "redrive"u8);
        writer.WriteString("queue"u8, operation.Queue.Name.Value);
        if (operation.Request.Destination is { } destination)
            writer.WriteString("destination"u8, destination.Value);
        if (operation.Request.MessagesPerSecond is { } rate)
            writer.WriteNumber("messagesPerSecond"u8, rate);
        writer.WriteString("status"u8, NameOf(operation.Status));
        writer.WriteNumber("moved"u8, operation.Moved);
        writer.WriteNumber("failed"u8, operation.Failed);
        writer.WriteNumber("skipped"u8, operation.Skipped);
        writer.WriteNumber("approximateTotal"u8, operation.ApproximateTotal);
        Timestamps.Write(writer, StartedAt, operation.StartedMs);
        if (operation.EndedMs > 0)
            Timestamps.Write(writer, EndedAt, operation.EndedMs);
        if (operation.FailureReason is not null)
            writer.WriteString("failureReason"u8, operation.FailureReason);
        writer.WriteEndObject();
    }

    private static string NameOf(OperationStatus status) => status switch
    {
        OperationStatus.Running => "running",
        OperationStatus.Cancelling => "cancelling",
        OperationStatus.Cancelled => "cancelled",
        OperationStatus.Completed => "completed",
        OperationStatus.Failed => "failed",
    };
}
