using Messaging.Broker;

namespace Messaging.Aws.Errors;

/// <summary>
/// What the broker refuses, in this front's words. Most of it the front has refused before by its own, stricter rules. No discard arm: a new code breaks the build (CS8509).
/// </summary>
internal static class BrokerErrors
{
    private static readonly AwsError Stopping = new(AwsErrorCode.ServiceUnavailable, "The server is stopping.");

    public static AwsError Of(BrokerError error) => error.Code switch
    {
        ErrorCode.InvalidValue or ErrorCode.InvalidName or ErrorCode.DeadLetterInvalid or ErrorCode.MessageTooLarge or ErrorCode.LeaseTooLong
            or ErrorCode.IdempotencyKeyReused or ErrorCode.NoDeadLetterQueue or ErrorCode.RedriveRunning
            or ErrorCode.BatchInvalid or ErrorCode.BatchCorrupt or ErrorCode.CompressionNotSupported or ErrorCode.RecordInvalid => Refusals.Invalid(error.Detail),
        ErrorCode.NotSupported or ErrorCode.Immutable or ErrorCode.PreconditionFailed or ErrorCode.QueueInUse or ErrorCode.TargetInUse or ErrorCode.ReplayRunning or ErrorCode.NothingRetained => new(AwsErrorCode.UnsupportedOperation, error.Detail),
        ErrorCode.QueueNotFound => Refusals.NoQueue,
        ErrorCode.TopicNotFound or ErrorCode.SubscriptionNotFound or ErrorCode.PartitionNotFound or ErrorCode.ProducerNotFound => new(AwsErrorCode.ResourceNotFound, error.Detail),
        ErrorCode.OffsetOutOfRange or ErrorCode.ProducerFenced or ErrorCode.TransactionNotOpen or ErrorCode.TransactionOpen or ErrorCode.OutOfOrderSequence => Refusals.Invalid(error.Detail),
        ErrorCode.TooManyProducers => new(AwsErrorCode.OverLimit, error.Detail),
        ErrorCode.OperationNotFound => new(AwsErrorCode.ResourceNotFound, error.Detail),
        ErrorCode.BatchTooLarge => new(AwsErrorCode.BatchRequestTooLong, error.Detail),
        ErrorCode.BatchEmpty => new(AwsErrorCode.EmptyBatchRequest, error.Detail),
        ErrorCode.ReceiptInvalid or ErrorCode.ReceiptOfAnotherQueue => new(AwsErrorCode.ReceiptHandleIsInvalid, "The input receipt handle is invalid."),
        ErrorCode.ReceiptStale or ErrorCode.NotLeased or ErrorCode.MessageGone or ErrorCode.MessageNotFound or ErrorCode.MessageLeased =>
            new(AwsErrorCode.MessageNotInflight, "The specified message isn't in flight."),
        ErrorCode.TooManyLeased => new(AwsErrorCode.OverLimit, "The maximum number of in flight messages is reached."),
        ErrorCode.QueueFull or ErrorCode.TooManyQueues or ErrorCode.TooManySubscriptions or ErrorCode.DefinitionsTooLarge or ErrorCode.TooManyDeduplicationIds
            or ErrorCode.TooManyIdempotencyKeys => new(AwsErrorCode.OverLimit, error.Detail),
        ErrorCode.TooManyWaiting or ErrorCode.Overloaded => new(AwsErrorCode.Throttled, error.Detail),
        ErrorCode.MessageDamaged => new(AwsErrorCode.InternalFailure, error.Detail),
        // No operation of SQS comes upon a consumer group.
        ErrorCode.GroupNotFound or ErrorCode.GroupNotEmpty or ErrorCode.GroupHasMembers or ErrorCode.GroupProtocolMismatch or ErrorCode.UnknownMember
            or ErrorCode.StaleGeneration or ErrorCode.FencedInstance or ErrorCode.RebalanceInProgress or ErrorCode.CommitTokenInvalid or ErrorCode.LeaseExpired
            or ErrorCode.TooManyGroups or ErrorCode.TooManyMembers or ErrorCode.TooManyPartitions => new(AwsErrorCode.UnsupportedOperation, error.Detail),
        ErrorCode.DiskFull or ErrorCode.CatalogUnavailable => new(AwsErrorCode.ServiceUnavailable, error.Detail),
        ErrorCode.Stopping => Stopping,
    };
}
