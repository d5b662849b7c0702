using Messaging.Broker;

namespace Messaging.Rest.Errors;

/// <summary>
/// Every refusal as an HTTP problem. Neither switch has a discard arm, so that a new code breaks the build until it is mapped here
/// (CS8509). A code is a promise to clients: it may be added, never renamed.
/// </summary>
internal static class ProblemTable
{
    /// <summary>What passes by itself within a second, such as a full window of commits.</summary>
    private const int RetrySoonSeconds = 1;

    /// <summary>What passes when someone or something has cleaned up.</summary>
    private const int RetryLaterSeconds = 10;

    /// <summary>The catalog in Postgres is looked for every two seconds.</summary>
    private const int RetryCatalogSeconds = 3;

    public static ProblemKind Of(ErrorCode code) => code switch
    {
        ErrorCode.InvalidValue => new(400, "invalidValue", "A field has an invalid value"),
        ErrorCode.InvalidName => new(400, "invalidName", "The name is not a legal one"),
        ErrorCode.NotSupported => new(400, "notSupported", "Not supported yet"),
        ErrorCode.QueueNotFound => new(404, "queueNotFound", "The queue does not exist"),
        ErrorCode.TopicNotFound => new(404, "topicNotFound", "The topic does not exist"),
        ErrorCode.SubscriptionNotFound => new(404, "subscriptionNotFound", "The subscription does not exist"),
        ErrorCode.TargetInUse => new(409, "targetInUse", "Another subscription of the topic has this target"),
        ErrorCode.TooManySubscriptions => new(429, "tooManySubscriptions", "Too many subscriptions", RetryLaterSeconds),
        ErrorCode.PartitionNotFound => new(404, "partitionNotFound", "The topic has no such partition"),
        ErrorCode.OffsetOutOfRange => new(416, "offsetOutOfRange", "The partition has no such offset"),
        ErrorCode.ProducerFenced => new(409, "producerFenced", "A newer instance of the producer is known"),
        ErrorCode.ProducerNotFound => new(404, "producerNotFound", "The producer does not exist"),
        ErrorCode.TransactionNotOpen => new(409, "transactionNotOpen", "The producer has no open transaction"),
        ErrorCode.TransactionOpen => new(409, "transactionOpen", "The producer has an open transaction"),
        ErrorCode.OutOfOrderSequence => new(409, "outOfOrderSequence", "The producer's sequence has a gap"),
        ErrorCode.TooManyProducers => new(429, "tooManyProducers", "Too many producers are known", RetryLaterSeconds),
        ErrorCode.TooManyPartitions => new(429, "tooManyPartitions", "Too many partitions", RetryLaterSeconds),
        ErrorCode.Immutable => new(409, "immutable", "This can't be changed"),
        ErrorCode.PreconditionFailed => new(412, "preconditionFailed", "The definition is not as the call asks it to be"),
        ErrorCode.DeadLetterInvalid => new(409, "deadLetterInvalid", "The dead-letter queue is not a possible one"),
        ErrorCode.QueueInUse => new(409, "queueInUse", "The queue is another one's dead-letter queue"),
        ErrorCode.NoDeadLetterQueue => new(409, "noDeadLetterQueue", "The queue has no dead-letter queue"),
        ErrorCode.RedriveRunning => new(409, "redriveRunning", "A redrive of the queue goes on"),
        ErrorCode.ReplayRunning => new(409, "replayRunning", "A replay of the subscription goes on"),
        ErrorCode.NothingRetained => new(409, "nothingRetained", "The topic keeps no records"),
        ErrorCode.OperationNotFound => new(404, "operationNotFound", "The operation does not exist"),
        ErrorCode.MessageTooLarge => new(413, "messageTooLarge", "The message is too large"),
        ErrorCode.BatchInvalid => new(400, "batchInvalid", "Not a valid record batch"),
        ErrorCode.BatchCorrupt => new(400, "batchCorrupt", "The checksum of the record batch is wrong"),
        ErrorCode.CompressionNotSupported => new(400, "compressionNotSupported", "The record batch is compressed by an unknown codec"),
        ErrorCode.RecordInvalid => new(400, "recordInvalid", "A record is not a valid one"),
        ErrorCode.BatchTooLarge => new(413, "batchTooLarge", "The call carries too much"),
        ErrorCode.BatchEmpty => new(400, "batchEmpty", "The call carries no entries"),
        ErrorCode.ReceiptInvalid => new(400, "receiptInvalid", "Not a receipt of this server"),
        ErrorCode.ReceiptOfAnotherQueue => new(400, "receiptOfAnotherQueue", "The receipt belongs to another queue"),
        ErrorCode.ReceiptStale => new(409, "receiptStale", "The message was received again since"),
        ErrorCode.NotLeased => new(409, "notLeased", "The message is not leased"),
        ErrorCode.LeaseTooLong => new(400, "leaseTooLong", "The lease would be too long"),
        ErrorCode.MessageGone => new(404, "messageGone", "The message does not exist any more"),
        ErrorCode.MessageNotFound => new(404, "messageNotFound", "The queue has no such message"),
        ErrorCode.MessageLeased => new(409, "messageLeased", "The message is leased"),
        ErrorCode.MessageDamaged => new(500, "messageDamaged", "The message is damaged on the disk"),
        ErrorCode.TooManyLeased => new(429, "tooManyLeased", "Too many messages are leased", RetrySoonSeconds),
        ErrorCode.QueueFull => new(429, "queueFull", "The queue is full", RetrySoonSeconds),
        ErrorCode.TooManyQueues => new(429, "tooManyQueues", "Too many queues", RetryLaterSeconds),
        ErrorCode.DefinitionsTooLarge => new(413, "definitionsTooLarge", "The document of definitions is too large"),
        ErrorCode.TooManyWaiting => new(429, "tooManyWaiting", "Too many receivers wait", RetrySoonSeconds),
        ErrorCode.IdempotencyKeyReused => new(409, "idempotencyKeyReused", "The idempotency key was used for another request"),
        ErrorCode.TooManyIdempotencyKeys => new(429, "tooManyIdempotencyKeys", "Too many idempotency keys are remembered", RetryLaterSeconds),
        ErrorCode.TooManyDeduplicationIds => new(429, "tooManyDeduplicationIds", "Too many deduplication ids are remembered", RetryLaterSeconds),
        ErrorCode.GroupNotFound => new(404, "groupNotFound", "The consumer group does not exist"),
        ErrorCode.GroupNotEmpty => new(409, "groupNotEmpty", "The consumer group is in use"),
        ErrorCode.GroupHasMembers => new(409, "groupHasMembers", "Members have the consumer group's partitions"),
        ErrorCode.GroupProtocolMismatch => new(409, "groupProtocolMismatch", "The consumer group's members rebalance in another way"),
        ErrorCode.UnknownMember => new(404, "unknownMember", "The consumer group has no such member"),
        ErrorCode.StaleGeneration => new(409, "staleGeneration", "The member has another generation"),
        ErrorCode.FencedInstance => new(409, "fencedInstance", "Another client has taken the member's place"),
        ErrorCode.RebalanceInProgress => new(409, "rebalanceInProgress", "The consumer group is rebalancing"),
        ErrorCode.CommitTokenInvalid => new(400, "commitTokenInvalid", "Not a commit token of this consumer group"),
        ErrorCode.LeaseExpired => new(409, "leaseExpired", "The lease on a partition is over"),
        ErrorCode.TooManyGroups => new(429, "tooManyGroups", "Too many consumer groups", RetryLaterSeconds),
        ErrorCode.TooManyMembers => new(429, "tooManyMembers", "Too many members", RetryLaterSeconds),
        ErrorCode.DiskFull => new(503, "diskFull", "The disk is nearly full", RetryLaterSeconds),
        ErrorCode.CatalogUnavailable => new(503, "catalogUnavailable", "Definitions can't change now", RetryCatalogSeconds),
        ErrorCode.Overloaded => new(429, "overloaded", "Too much is in flight", RetrySoonSeconds),
        ErrorCode.Stopping => new(503, "stopping", "The server is stopping", RetrySoonSeconds),
    };

    public static ProblemKind Of(FrontCode code) => code switch
    {
        FrontCode.MalformedJson => new(400, "malformedJson", "Not well-formed JSON"),
        FrontCode.UnknownField => new(400, "unknownField", "The field is unknown"),
        FrontCode.DuplicateField => new(400, "duplicateField", "The field stands there twice"),
        FrontCode.MissingField => new(400, "missingField", "A field is missing"),
        FrontCode.BodyTooLarge => new(413, "bodyTooLarge", "The body is too large"),
        FrontCode.UnsupportedMediaType => new(415, "unsupportedMediaType", "The content type is not application/json"),
        FrontCode.UnsupportedContentEncoding => new(415, "unsupportedContentEncoding", "The body is encoded"),
        FrontCode.Unauthorized => new(401, "unauthorized", "The call has no access key"),
        FrontCode.ForbiddenHost => new(403, "forbiddenHost", "The server is not served by this name"),
        FrontCode.ForbiddenOrigin => new(403, "forbiddenOrigin", "Pages of other sites may not call"),
        FrontCode.Forbidden => new(403, "forbidden", "This is not allowed"),
        FrontCode.RouteNotFound => new(404, "routeNotFound", "Nothing is served at this path"),
        FrontCode.MethodNotAllowed => new(405, "methodNotAllowed", "The path is not served by this method"),
        FrontCode.RequestTimeout => new(408, "requestTimeout", "The body came too slowly"),
        FrontCode.BadRequest => new(400, "badRequest", "The request is not well-formed HTTP"),
        FrontCode.Starting => new(503, "starting", "The server is starting", RetrySoonSeconds),
        FrontCode.Internal => new(500, "internal", "The server failed"),
    };
}
