using Messaging.Broker;

namespace Messaging.Aws.Errors;

/// <summary>The refusals of Amazon SNS in its own words, and what the broker refuses in them. No discard arm: a new code of the broker breaks the build (CS8509).</summary>
internal static class SnsRefusals
{
    public static readonly AwsError NoTopic = new(AwsErrorCode.NotFound, "Topic does not exist");
    public static readonly AwsError NoSubscription = new(AwsErrorCode.NotFound, "Subscription does not exist");
    public static readonly AwsError NoResource = new(AwsErrorCode.ResourceNotFound, "Resource does not exist");

    private static readonly AwsError Stopping = new(AwsErrorCode.ServiceUnavailable, "The server is stopping.");

    /// <summary>"Invalid parameter: " and what is told of it.</summary>
    public static AwsError Invalid(string text) => Refusals.Invalid($"Invalid parameter: {text}");

    public static AwsError Invalid(string parameter, string reason) => Invalid($"{parameter} Reason: {reason}");

    /// <summary>A member that has to be there, by its name in the model.</summary>
    public static AwsError Missing(string member) => Constraint("null", member, "Member must not be null");

    /// <summary>A member that breaks a rule of the model.</summary>
    public static AwsError Constraint(string value, string member, string rule) =>
        new(AwsErrorCode.ValidationError, $"1 validation error detected: Value {value} at '{char.ToLowerInvariant(member[0])}{member[1..]}' failed to satisfy constraint: {rule}");

    /// <summary>Null where the value is 1 to <paramref name="max"/>, or not given.</summary>
    public static AwsError? Range(string member, int? value, int max) => value is { } given && (given < 1 || given > max)
        ? Constraint($"'{given}'", member, given < 1 ? "Member must have value greater than or equal to 1" : $"Member must have value less than or equal to {max}")
        : null;

    /// <summary>What the broker refuses.</summary>
    public static AwsError Of(BrokerError error) => error.Code switch
    {
        ErrorCode.TopicNotFound => NoTopic,
        ErrorCode.SubscriptionNotFound => NoSubscription,
        ErrorCode.TooManySubscriptions => new(AwsErrorCode.SubscriptionLimitExceeded, error.Detail),
        ErrorCode.TooManyPartitions => new(AwsErrorCode.TopicLimitExceeded, error.Detail),
        ErrorCode.MessageTooLarge or ErrorCode.BatchTooLarge => Invalid("Message too long"),
        ErrorCode.InvalidValue or ErrorCode.InvalidName or ErrorCode.NotSupported or ErrorCode.Immutable or ErrorCode.TargetInUse or ErrorCode.QueueNotFound
            or ErrorCode.DeadLetterInvalid or ErrorCode.RecordInvalid or ErrorCode.BatchEmpty or ErrorCode.IdempotencyKeyReused or ErrorCode.DefinitionsTooLarge => Invalid(error.Detail),
        ErrorCode.PreconditionFailed or ErrorCode.TooManyDeduplicationIds or ErrorCode.TooManyIdempotencyKeys or ErrorCode.TooManyProducers
            or ErrorCode.TooManyWaiting or ErrorCode.Overloaded => new(AwsErrorCode.Throttled, error.Detail),
        ErrorCode.QueueFull or ErrorCode.QueueInUse or ErrorCode.TransactionOpen or ErrorCode.ReplayRunning or ErrorCode.NothingRetained => new(AwsErrorCode.InvalidState, error.Detail),
        ErrorCode.DiskFull or ErrorCode.CatalogUnavailable => new(AwsErrorCode.ServiceUnavailable, error.Detail),
        ErrorCode.Stopping => Stopping,
        // No operation of SNS comes upon what these are about: messages of queues, record batches, producers and consumer groups.
        ErrorCode.MessageDamaged or ErrorCode.PartitionNotFound or ErrorCode.OffsetOutOfRange or ErrorCode.ProducerFenced or ErrorCode.ProducerNotFound or ErrorCode.TransactionNotOpen
            or ErrorCode.OutOfOrderSequence or ErrorCode.NoDeadLetterQueue or ErrorCode.RedriveRunning or ErrorCode.OperationNotFound or ErrorCode.BatchInvalid or ErrorCode.BatchCorrupt
            or ErrorCode.CompressionNotSupported or ErrorCode.ReceiptInvalid or ErrorCode.ReceiptOfAnotherQueue or ErrorCode.ReceiptStale or ErrorCode.NotLeased or ErrorCode.LeaseTooLong
            or ErrorCode.MessageGone or ErrorCode.MessageNotFound or ErrorCode.MessageLeased or ErrorCode.TooManyLeased or ErrorCode.TooManyQueues or ErrorCode.GroupNotFound
            or ErrorCode.GroupNotEmpty or ErrorCode.GroupHasMembers or ErrorCode.GroupProtocolMismatch or ErrorCode.UnknownMember or ErrorCode.StaleGeneration or ErrorCode.FencedInstance
            or ErrorCode.RebalanceInProgress or ErrorCode.CommitTokenInvalid or ErrorCode.LeaseExpired or ErrorCode.TooManyGroups or ErrorCode.TooManyMembers =>
            new(AwsErrorCode.InternalFailure, error.Detail),
    };
}
