using Messaging.Broker.Operations;
using Messaging.Grpc.Calls;

namespace Messaging.Grpc.Operations;

/// <summary>A long operation as the wire has it.</summary>
internal static class OperationWriter
{
    public static V1.Operation Of(LongOperation operation) => new()
    {
        Id = operation.Id.ToString(),
        Status = Of(operation.Status),
        StartedAt = Times.Of(operation.StartedMs),
        EndedAt = Times.Maybe(operation.EndedMs),
        FailureReason = operation.FailureReason ?? "",
        Redrive = Redrive(operation),
    };

    private static V1.RedriveOperation Redrive(LongOperation operation)
    {
        var wire = new V1.RedriveOperation
        {
            Queue = operation.Queue.Name.Value,
            Destination = operation.Request.Destination?.Value ?? "",
            Moved = operation.Moved,
            Failed = operation.Failed,
            Skipped = operation.Skipped,
            ApproximateTotal = operation.ApproximateTotal,
        };
        if (operation.Request.MessagesPerSecond is { } rate)
            wire.MessagesPerSecond = rate;
        return wire;
    }

    private static V1.Operation.Types.Status Of(OperationStatus status) => status switch
    {
        OperationStatus.Running => V1.Operation.Types.Status.Running,
        OperationStatus.Cancelling => V1.Operation.Types.Status.Cancelling,
        OperationStatus.Cancelled => V1.Operation.Types.Status.Cancelled,
        OperationStatus.Completed => V1.Operation.Types.Status.Completed,
        OperationStatus.Failed => V1.Operation.Types.Status.Failed,
    };
}
