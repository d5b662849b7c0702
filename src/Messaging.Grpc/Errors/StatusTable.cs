using Grpc.Core;
using Messaging.Broker;

namespace Messaging.Grpc.Errors;

/// <summary>
/// Every refusal as a status (google.rpc.Code says when which is meant). The switch has no discard arm, so that a new code breaks the build until it is mapped here
/// (CS8509).
/// </summary>
internal static class StatusTable
{
    public static StatusCode Of(ErrorCode code) => code switch
    {
        ErrorCode.InvalidValue => StatusCode.InvalidArgument,
        ErrorCode.InvalidName => StatusCode.InvalidArgument,
        ErrorCode.NotSupported => StatusCode.Unimplemented,
        ErrorCode.QueueNotFound => StatusCode.NotFound,
        ErrorCode.TopicNotFound => StatusCode.NotFound,
        ErrorCode.SubscriptionNotFound => StatusCode.NotFound,
        ErrorCode.TargetInUse => StatusCode.AlreadyExists,
        ErrorCode.TooManySubscriptions => StatusCode.ResourceExhausted,
        ErrorCode.PartitionNotFound => StatusCode.NotFound,
        ErrorCode.OffsetOutOfRange => StatusCode.OutOfRange,
        ErrorCode.ProducerFenced => StatusCode.FailedPrecondition,
        ErrorCode.ProducerNotFound => StatusCode.NotFound,
        ErrorCode.TransactionNotOpen => StatusCode.FailedPrecondition,
        ErrorCode.TransactionOpen => StatusCode.FailedPrecondition,
        ErrorCode.OutOfOrderSequence => StatusCode.FailedPrecondition,
        ErrorCode.TooManyProducers => StatusCode.ResourceExhausted,
        ErrorCode.TooManyPartitions => StatusCode.ResourceExhausted,
        ErrorCode.Immutable => StatusCode.FailedPrecondition,
        // A test-and-set that failed: read again, and try again.
        ErrorCode.PreconditionFailed => StatusCode.Aborted,
        ErrorCode.DeadLetterInvalid => StatusCode.FailedPrecondition,
        ErrorCode.QueueInUse => StatusCode.FailedPrecondition,
        ErrorCode.NoDeadLetterQueue => StatusCode.FailedPrecondition,
        ErrorCode.RedriveRunning => StatusCode.FailedPrecondition,
        ErrorCode.OperationNotFound => StatusCode.NotFound,
        // Too large is wrong at every time, where an exhausted resource comes back.
        ErrorCode.MessageTooLarge => StatusCode.InvalidArgument,
        ErrorCode.BatchInvalid => StatusCode.InvalidArgument,
        ErrorCode.BatchCorrupt => StatusCode.InvalidArgument,
        ErrorCode.CompressionNotSupported => StatusCode.InvalidArgument,
        ErrorCode.RecordInvalid => StatusCode.InvalidArgument,
        ErrorCode.BatchTooLarge => StatusCode.InvalidArgument,
        ErrorCode.BatchEmpty => StatusCode.InvalidArgument,
        ErrorCode.ReceiptInvalid => StatusCode.InvalidArgument,
        ErrorCode.ReceiptOfAnotherQueue => StatusCode.InvalidArgument,
        ErrorCode.ReceiptStale => StatusCode.FailedPrecondition,
        ErrorCode.NotLeased => StatusCode.FailedPrecondition,
        ErrorCode.LeaseTooLong => StatusCode.InvalidArgument,
        ErrorCode.MessageGone => StatusCode.NotFound,
        ErrorCode.MessageNotFound => StatusCode.NotFound,
        ErrorCode.ReplayRunning => StatusCode.FailedPrecondition,
        ErrorCode.NothingRetained => StatusCode.FailedPrecondition,
        ErrorCode.MessageLeased => StatusCode.FailedPrecondition,
        ErrorCode.MessageDamaged => StatusCode.DataLoss,
        ErrorCode.TooManyLeased => StatusCode.ResourceExhausted,
        ErrorCode.QueueFull => StatusCode.ResourceExhausted,
        ErrorCode.TooManyQueues => StatusCode.ResourceExhausted,
        ErrorCode.DefinitionsTooLarge => StatusCode.InvalidArgument,
        ErrorCode.TooManyWaiting => StatusCode.ResourceExhausted,
        ErrorCode.IdempotencyKeyReused => StatusCode.AlreadyExists,
        ErrorCode.TooManyIdempotencyKeys => StatusCode.ResourceExhausted,
        ErrorCode.TooManyDeduplicationIds => StatusCode.ResourceExhausted,
        ErrorCode.GroupNotFound => StatusCode.NotFound,
        ErrorCode.GroupNotEmpty => StatusCode.FailedPrecondition,
        ErrorCode.GroupHasMembers => StatusCode.FailedPrecondition,
        ErrorCode.GroupProtocolMismatch => StatusCode.FailedPrecondition,
        ErrorCode.UnknownMember => StatusCode.NotFound,
        ErrorCode.StaleGeneration => StatusCode.FailedPrecondition,
        ErrorCode.FencedInstance => StatusCode.FailedPrecondition,
        ErrorCode.RebalanceInProgress => StatusCode.FailedPrecondition,
        ErrorCode.CommitTokenInvalid => StatusCode.InvalidArgument,
        ErrorCode.LeaseExpired => StatusCode.FailedPrecondition,
        ErrorCode.TooManyGroups => StatusCode.ResourceExhausted,
        ErrorCode.TooManyMembers => StatusCode.ResourceExhausted,
        ErrorCode.DiskFull => StatusCode.Unavailable,
        ErrorCode.CatalogUnavailable => StatusCode.Unavailable,
        ErrorCode.Overloaded => StatusCode.ResourceExhausted,
        ErrorCode.Stopping => StatusCode.Unavailable,
    };
}
