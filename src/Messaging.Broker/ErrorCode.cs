using Messaging.Broker.Catalog;
using Messaging.Broker.Groups;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Topics;

namespace Messaging.Broker;

/// <summary>Why the broker refused. The names stand in the journal, in what idempotency keys are answered again: a code may be added, never renamed. Each front maps every code in one switch without a discard arm, so that a new code breaks its build until it is mapped.</summary>
public enum ErrorCode
{
    /// <summary>A field has a value out of its range or of the wrong form; <see cref="BrokerError.Field"/> names it.</summary>
    InvalidValue,

    /// <summary>The name, account or namespace is not a legal one.</summary>
    InvalidName,

    /// <summary>The capability exists in the contract and is not there yet.</summary>
    NotSupported,

    /// <summary>No queue of this name, or no longer.</summary>
    QueueNotFound,

    /// <summary>No topic of this name, or no longer.</summary>
    TopicNotFound,

    /// <summary>The topic has no subscription of this name, or no longer.</summary>
    SubscriptionNotFound,

    /// <summary>Another subscription of the topic has the same target.</summary>
    TargetInUse,

    /// <summary>The topic has <see cref="SubscriptionLimits.SubscriptionsPerTopicMax"/> subscriptions, or the server <see cref="SubscriptionLimits.SubscriptionsMax"/>.</summary>
    TooManySubscriptions,

    /// <summary>The topic has no partition of this number.</summary>
    PartitionNotFound,

    /// <summary>The offset is below the partition's first record or above its end.</summary>
    OffsetOutOfRange,

    /// <summary>A newer epoch of the producer is known: another instance has taken its place, or its transaction has ended.</summary>
    ProducerFenced,

    /// <summary>This server has given no such producer id, or not to this account, or not to a transactional producer.</summary>
    ProducerNotFound,

    /// <summary>The producer has no open transaction.</summary>
    TransactionNotOpen,

    /// <summary>The producer has an open transaction.</summary>
    TransactionOpen,

    /// <summary>The batch does not go on where the producer's last one in this partition has ended.</summary>
    OutOfOrderSequence,

    /// <summary>The partition knows <see cref="TopicLimits.ProducersPerPartitionMax"/> producers.</summary>
    TooManyProducers,

    /// <summary>The server has <see cref="TopicLimits.PartitionsOfServerMax"/> partitions, or a consumer group <see cref="GroupLimits.PartitionsPerGroupMax"/> with offsets or among its members.</summary>
    TooManyPartitions,

    /// <summary>The change asks for what can't change (a queue's type).</summary>
    Immutable,

    /// <summary>The definition is not as the call asks it to be: it was changed since, or exists already.</summary>
    PreconditionFailed,

    /// <summary>The dead-letter queue of a definition is missing, of the other type, the queue itself, or leads back to it.</summary>
    DeadLetterInvalid,

    /// <summary>The queue is the dead-letter queue of others, and can't be deleted.</summary>
    QueueInUse,

    /// <summary>The queue has no dead-letter queue to reject a message to.</summary>
    NoDeadLetterQueue,

    /// <summary>A redrive of the queue goes on; there is one at a time.</summary>
    RedriveRunning,

    /// <summary>No operation has this id, or no longer.</summary>
    OperationNotFound,

    /// <summary>One message is larger than its queue's maxMessageBytes, or one record batch than its topic's.</summary>
    MessageTooLarge,

    /// <summary>The bytes are no record batch, or its header does not say what its records are.</summary>
    BatchInvalid,

    /// <summary>The checksum of a record batch is not that of its bytes.</summary>
    BatchCorrupt,

    /// <summary>A record batch is compressed by a codec that is unknown, or whose library this machine lacks.</summary>
    CompressionNotSupported,

    /// <summary>One record of a batch breaks a rule of its own; <see cref="BrokerError.Field"/> names it.</summary>
    RecordInvalid,

    /// <summary>One call carries more than <see cref="BrokerLimits.CallEntriesMax"/> entries or <see cref="BrokerLimits.CallBytesMax"/> bytes.</summary>
    BatchTooLarge,

    /// <summary>One call carries no entries.</summary>
    BatchEmpty,

    /// <summary>Not a receipt of this server: malformed, or its MAC is wrong.</summary>
    ReceiptInvalid,

    /// <summary>A receipt of this server, of another queue or of a deleted one.</summary>
    ReceiptOfAnotherQueue,

    /// <summary>The message was received again since, so that this receipt no longer holds it.</summary>
    ReceiptStale,

    /// <summary>The message is not leased: its lease ended or it was released.</summary>
    NotLeased,

    /// <summary>The lease would end later than the call allows: <see cref="Queues.ExtendEntry.NotAfterMs"/>.</summary>
    LeaseTooLong,

    /// <summary>The message is acknowledged or gone.</summary>
    MessageGone,

    /// <summary>The queue has no message of this id: it never had, or no longer has.</summary>
    MessageNotFound,

    /// <summary>A replay of the subscription goes on.</summary>
    ReplayRunning,

    /// <summary>The topic keeps no records, or has none: nothing can be replayed.</summary>
    NothingRetained,

    /// <summary>The message is with a receiver, and can't be cancelled.</summary>
    MessageLeased,

    /// <summary>The message's bytes on the disk are damaged.</summary>
    MessageDamaged,

    /// <summary>Too many messages of the queue are leased at once.</summary>
    TooManyLeased,

    /// <summary>The queue holds as many messages as its maxMessages.</summary>
    QueueFull,

    /// <summary>The server has <see cref="QueueLimits.QueuesMax"/> queues.</summary>
    TooManyQueues,

    /// <summary>A document of definitions has, or would have, more than <see cref="CatalogLimits.DefinitionsMax"/> entries, or more bytes than one change may have.</summary>
    DefinitionsTooLarge,

    /// <summary>Too many receivers wait at once on one queue.</summary>
    TooManyWaiting,

    /// <summary>The idempotency key was used for another request within the last <see cref="BrokerLimits.IdempotencySeconds"/>.</summary>
    IdempotencyKeyReused,

    /// <summary>The queue remembers <see cref="QueueLimits.IdempotencyKeysPerQueueMax"/> idempotency keys.</summary>
    TooManyIdempotencyKeys,

    /// <summary>The queue remembers <see cref="QueueLimits.DeduplicationIdsPerQueueMax"/> deduplication ids.</summary>
    TooManyDeduplicationIds,

    /// <summary>No consumer group of this name, or no longer.</summary>
    GroupNotFound,

    /// <summary>The consumer group has members, or leases that run, and can't be deleted.</summary>
    GroupNotEmpty,

    /// <summary>Members have the consumer group's partitions, so that nobody else may fetch by lease or set their offsets.</summary>
    GroupHasMembers,

    /// <summary>The members of the consumer group rebalance by another protocol, or share out by another strategy.</summary>
    GroupProtocolMismatch,

    /// <summary>The consumer group has no such member: it left, or was not heard of for its session.</summary>
    UnknownMember,

    /// <summary>The member's generation is not the one that it has reached.</summary>
    StaleGeneration,

    /// <summary>Another client has taken this member's place: it joined with the same instance id.</summary>
    FencedInstance,

    /// <summary>The consumer group is rebalancing, and the member has not fetched its new assignment yet.</summary>
    RebalanceInProgress,

    /// <summary>Not a commit token of this consumer group: malformed, of another group or of a deleted one, or its MAC is wrong.</summary>
    CommitTokenInvalid,

    /// <summary>The lease on a partition is over or was ended, so that its records may be with somebody else.</summary>
    LeaseExpired,

    /// <summary>The server has <see cref="GroupLimits.GroupsMax"/> consumer groups.</summary>
    TooManyGroups,

    /// <summary>The consumer group has <see cref="GroupLimits.MembersPerGroupMax"/> members.</summary>
    TooManyMembers,

    /// <summary>The disk is nearly full: sends and definitions are refused. What frees space goes on, until the journal is full too and nothing can be freed.</summary>
    DiskFull,

    /// <summary>Definitions can't change now: the catalog in Postgres can't be reached or must not be used. Queues that exist are served as ever.</summary>
    CatalogUnavailable,

    /// <summary>More is in flight than the named bound; try again.</summary>
    Overloaded,

    /// <summary>The server is stopping.</summary>
    Stopping,
}
