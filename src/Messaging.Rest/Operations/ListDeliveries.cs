using System.Text.Json;
using Messaging.Broker;
using Messaging.Broker.Names;
using Messaging.Broker.Subscriptions.Delivery;
using Messaging.Http;
using Messaging.Rest.Errors;
using Messaging.Rest.Http;
using Messaging.Rest.Wire;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Operations;

/// <summary>GET /v1/topics/{topic}/subscriptions/{subscription}/deliveries: how many messages wait, what became of others since the server was started, and its latest attempts.</summary>
internal sealed class ListDeliveries(Front front)
{
    private static readonly JsonEncodedText At = JsonEncodedText.Encode("at");
    private static readonly JsonEncodedText NextAttemptAt = JsonEncodedText.Encode("nextAttemptAt");

    public async Task<Problem?> InvokeAsync(HttpContext context)
    {
        if ((front.OpenDeliveries(context, out DeliveryBroker deliveries, out SubscriptionKey subscription) ?? QueryFields.Check(context.Request)) is { } refused)
            return refused;
        Result<DeliveryReport> report = await deliveries.ReportAsync(subscription, context.RequestAborted);
        if (!report.IsOk)
            return Problem.Of(report.Error, subscription.Topic);
        using var answer = BufferedAnswer.Rent();
        Write(answer.Writer, report.Value);
        await answer.SendAsync(context, StatusCodes.Status200OK);
        return null;
    }

    private static void Write(Utf8JsonWriter writer, DeliveryReport report)
    {
        writer.WriteStartObject();
        writer.WriteNumber("waiting"u8, report.Waiting);
        writer.WriteNumber("delivered"u8, report.Delivered);
        writer.WriteNumber("failed"u8, report.Failed);
        writer.WriteNumber("deadLettered"u8, report.DeadLettered);
        writer.WriteNumber("dropped"u8, report.Dropped);
        writer.WriteStartArray("deliveries"u8);
        foreach (DeliveryRecord record in report.Latest) Write(writer, record);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, in DeliveryRecord record)
    {
        writer.WriteStartObject();
        Timestamps.Write(writer, At, record.AtMs);
        writer.WriteString("messageId"u8, record.Id.ToString());
        writer.WriteNumber("attempt"u8, record.Attempt);
        writer.WriteString("outcome"u8, NameOf(record.Verdict));
        if (record.Status is { } status)
            writer.WriteNumber("status"u8, status);
        if (record.Fault is { } fault)
            writer.WriteString("fault"u8, fault);
        writer.WriteNumber("milliseconds"u8, (long)record.Elapsed.TotalMilliseconds);
        if (record.NextAttemptMs is { } next)
            Timestamps.Write(writer, NextAttemptAt, next);
        writer.WriteEndObject();
    }

    private static string NameOf(DeliveryVerdict verdict) => verdict switch
    {
        DeliveryVerdict.Delivered => "delivered",
        DeliveryVerdict.TryAgain => "failed",
        DeliveryVerdict.NotTried => "notTried",
        DeliveryVerdict.GiveUp => "givenUp",
    };
}
