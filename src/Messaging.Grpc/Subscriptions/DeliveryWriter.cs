using Messaging.Broker.Subscriptions.Delivery;
using Messaging.Grpc.Calls;

namespace Messaging.Grpc.Subscriptions;

/// <summary>What became of what was pushed, as the wire has it.</summary>
internal static class DeliveryWriter
{
    public static V1.ListDeliveriesResponse Of(DeliveryReport report) => new()
    {
        Waiting = report.Waiting,
        Delivered = report.Delivered,
        Failed = report.Failed,
        DeadLettered = report.DeadLettered,
        Dropped = report.Dropped,
        Deliveries = { report.Latest.Select(Of) },
    };

    private static V1.Delivery Of(DeliveryRecord record)
    {
        var wire = new V1.Delivery
        {
            At = Times.Of(record.AtMs),
            MessageId = record.Id.ToString(),
            Attempt = record.Attempt,
            Outcome = record.Verdict switch
            {
                DeliveryVerdict.Delivered => V1.Delivery.Types.Outcome.Delivered,
                DeliveryVerdict.TryAgain => V1.Delivery.Types.Outcome.Failed,
                DeliveryVerdict.NotTried => V1.Delivery.Types.Outcome.NotTried,
                DeliveryVerdict.GiveUp => V1.Delivery.Types.Outcome.GivenUp,
            },
            Fault = record.Fault ?? "",
            Milliseconds = (long)record.Elapsed.TotalMilliseconds,
            NextAttemptAt = record.NextAttemptMs is { } next ? Times.Of(next) : null,
        };
        if (record.Status is { } status)
            wire.Status = status;
        return wire;
    }
}
