using Messaging.Broker;

namespace Messaging.Rest.Errors;

/// <summary>
/// Every refusal as an HTTP problem. Neither switch has a discard arm, so that a new code breaks the build until it is mapped here
/// (CS8509). A code is a promise to clients: it may be added, never renamed.
/// </summary>
internal static class ProblemTable
{
    /// <summary>The server begins to serve within a moment.</summary>
    private const int RetryStartingSeconds = 1;

    public static ProblemKind Of(ErrorCode code)
    {
        (int status, string title) = StatusOf(code);
        return new ProblemKind(status, code.Word(), title, code.RetryAfterSeconds());
    }

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
        FrontCode.Starting => new(503, "starting", "The server is starting", RetryStartingSeconds),
        FrontCode.Internal => new(500, "internal", "The server failed"),
    };

    private static (int Status, string Title) StatusOf(ErrorCode code) => code switch
    {
        ErrorCode.InvalidValue => (400, "A field has an invalid value"),
        ErrorCode.InvalidName => (400, "The name is not a legal one"),
        ErrorCode.NotSupported => (400, "Not supported yet"),
        ErrorCode.QueueNotFound => (404, "The queue does not exist"),
        ErrorCode.TopicNotFound => (404, "The topic does not exist"),
        ErrorCode.SubscriptionNotFound => (404, "The subscription does not exist"),
        ErrorCode.TargetInUse => (409, "Another subscription of the topic has this target"),
        ErrorCode.TooManySubscriptions => (429, "Too many subscriptions"),
        ErrorCode.PartitionNotFound => (404, "The topic has no such partition"),
        ErrorCode.OffsetOutOfRange => (416, "The partition has no such offset"),
        ErrorCode.ProducerFenced => (409, "A newer instance of the producer is known"),
        ErrorCode.ProducerNotFound => (404, "The producer does not exist"),
        ErrorCode.TransactionNotOpen => (409, "The producer has no open transaction"),
        ErrorCode.TransactionOpen => (409, "The producer has an open transaction"),
        ErrorCode.OutOfOrderSequence => (409, "The producer's sequence has a gap"),
        ErrorCode.TooManyProducers => (429, "Too many producers are known"),
        ErrorCode.TooManyPartitions => (429, "Too many partitions"),
        ErrorCode.Immutable => (409, "This can't be changed"),
        ErrorCode.PreconditionFailed => (412, "The definition is not as the call asks it to be"),
        ErrorCode.DeadLetterInvalid => (409, "The dead-letter queue is not a possible one"),
        ErrorCode.QueueInUse => (409, "The queue is another one's dead-letter queue"),
        ErrorCode.NoDeadLetterQueue => (409, "The queue has no dead-letter queue"),
        ErrorCode.RedriveRunning => (409, "A redrive of the queue goes on"),
        ErrorCode.ReplayRunning => (409, "A replay of the subscription goes on"),
        ErrorCode.NothingRetained => (409, "The topic keeps no records"),
        ErrorCode.OperationNotFound => (404, "The operation does not exist"),
        ErrorCode.MessageTooLarge => (413, "The message is too large"),
        ErrorCode.BatchInvalid => (400, "Not a valid record batch"),
        ErrorCode.BatchCorrupt => (400, "The checksum of the record batch is wrong"),
        ErrorCode.CompressionNotSupported => (400, "The record batch is compressed by an unknown codec"),
        ErrorCode.RecordInvalid => (400, "A record is not a valid one"),
        ErrorCode.BatchTooLarge => (413, "The call carries too much"),
        ErrorCode.BatchEmpty => (400, "The call carries no entries"),
        ErrorCode.ReceiptInvalid => (400, "Not a receipt of this server"),
        ErrorCode.ReceiptOfAnotherQueue => (400, "The receipt belongs to another queue"),
        ErrorCode.ReceiptStale => (409, "The message was received again since"),
        ErrorCode.NotLeased => (409, "The message is not leased"),
        ErrorCode.LeaseTooLong => (400, "The lease would be too long"),
        ErrorCode.MessageGone => (404, "The message does not exist any more"),
        ErrorCode.MessageNotFound => (404, "The queue has no such message"),
        ErrorCode.MessageLeased => (409, "The message is leased"),
        ErrorCode.MessageDamaged => (500, "The message is damaged on the disk"),
        ErrorCode.TooManyLeased => (429, "Too many messages are leased"),
        ErrorCode.QueueFull => (429, "The queue is full"),
        ErrorCode.TooManyQueues => (429, "Too many queues"),
        ErrorCode.DefinitionsTooLarge => (413, "The document of definitions is too large"),
        ErrorCode.TooManyWaiting => (429, "Too many receivers wait"),
        ErrorCode.IdempotencyKeyReused => (409, "The idempotency key was used for another request"),
        ErrorCode.TooManyIdempotencyKeys => (429, "Too many idempotency keys are remembered"),
        ErrorCode.TooManyDeduplicationIds => (429, "Too many deduplication ids are remembered"),
        ErrorCode.GroupNotFound => (404, "The consumer group does not exist"),
        ErrorCode.GroupNotEmpty => (409, "The consumer group is in use"),
        ErrorCode.GroupHasMembers => (409, "Members have the consumer group's partitions"),
        ErrorCode.GroupProtocolMismatch => (409, "The consumer group's members rebalance in another way"),
        ErrorCode.UnknownMember => (404, "The consumer group has no such member"),
        ErrorCode.StaleGeneration => (409, "The member has another generation"),
        ErrorCode.FencedInstance => (409, "Another client has taken the member's place"),
        ErrorCode.RebalanceInProgress => (409, "The consumer group is rebalancing"),
        ErrorCode.CommitTokenInvalid => (400, "Not a commit token of this consumer group"),
        ErrorCode.LeaseExpired => (409, "The lease on a partition is over"),
        ErrorCode.TooManyGroups => (429, "Too many consumer groups"),
        ErrorCode.TooManyMembers => (429, "Too many members"),
        ErrorCode.DiskFull => (503, "The disk is nearly full"),
        ErrorCode.CatalogUnavailable => (503, "Definitions can't change now"),
        ErrorCode.Overloaded => (429, "Too much is in flight"),
        ErrorCode.Stopping => (503, "The server is stopping"),
    };
}
