namespace Messaging.Broker;

/// <summary>Every bound of the broker, by name. Sources: api.md's tables for what a client sees; the rest is ours. A contract's number changes only with the contract.</summary>
public static class BrokerLimits
{
    /// <summary>UTF-8 bytes of a name.</summary>
    public const int NameBytesMax = 255;

    /// <summary>Entries of one call.</summary>
    public const int CallEntriesMax = 1_000;

    /// <summary>Bytes of all messages of one call, attributes included.</summary>
    public const int CallBytesMax = 16 * 1024 * 1024;

    /// <summary>Messages of one receive.</summary>
    public const int ReceiveMax = 1_000;

    /// <summary>How long a receive may wait.</summary>
    public const int ReceiveWaitSecondsMax = 60;

    /// <summary>12 hours.</summary>
    public const int LeaseSecondsMax = 43_200;

    /// <summary>A queue's lease unless it says otherwise.</summary>
    public const int LeaseSecondsDefault = 30;

    /// <summary>A year.</summary>
    public const int DelaySecondsMax = 31_536_000;

    /// <summary>A year.</summary>
    public const int ExpiresInSecondsMax = 31_536_000;

    /// <summary>A minute.</summary>
    public const int RetentionSecondsMin = 60;

    /// <summary>A year.</summary>
    public const int RetentionSecondsMax = 31_536_000;

    /// <summary>Four days.</summary>
    public const int RetentionSecondsDefault = 345_600;

    /// <summary>The smallest value of a queue's maxMessageBytes.</summary>
    public const int MessageBytesMin = 1_024;

    /// <summary>The largest value of a queue's maxMessageBytes.</summary>
    public const int MessageBytesMax = 16 * 1024 * 1024;

    /// <summary>A queue's maxMessageBytes unless it says otherwise.</summary>
    public const int MessageBytesDefault = 1_048_576;

    /// <summary>Bytes of a batch's records once they are decompressed, 64 MiB: four times the largest batch, and sixty-four times the default one, so that no batch is a bomb.</summary>
    public const int BatchBytesUncompressedMax = 64 * 1024 * 1024;

    /// <summary>
    /// Records that are decompressed at one time, for all clients of the process: a sixteenth of the memory that it may use, between this bound and the next. What asks for more is refused as overloaded:
    /// a batch of some kilobytes may ask for 64 MiB, and many may read it at once.
    /// </summary>
    public const long DecompressedBytesMin = 2L * BatchBytesUncompressedMax;

    /// <summary>However much memory there is.</summary>
    public const long DecompressedBytesMax = 16L * BatchBytesUncompressedMax;

    /// <summary>Records of one batch (time: each is looked at). A batch of the default size has room for 150,000 of the smallest, of 7 bytes.</summary>
    public const int BatchRecordsMax = 200_000;

    /// <summary>Attributes of one message.</summary>
    public const int AttributesMax = 10;

    /// <summary>UTF-8 bytes of an attribute's name, and of its custom type.</summary>
    public const int AttributeNameBytesMax = 256;

    /// <summary>UTF-8 bytes of a content type, and of a trace parent.</summary>
    public const int ContentTypeBytesMax = 256;

    /// <summary>UTF-8 bytes of a sender.</summary>
    public const int SenderBytesMax = 256;

    /// <summary>UTF-8 bytes of a trace header of AWS X-Ray.</summary>
    public const int TraceHeaderBytesMax = 1_024;

    /// <summary>Tags of one queue.</summary>
    public const int TagsMax = 50;

    /// <summary>Characters of a tag's key.</summary>
    public const int TagKeyCharactersMax = 128;

    /// <summary>Characters of a tag's value.</summary>
    public const int TagValueCharactersMax = 256;

    /// <summary>Annotations of one queue.</summary>
    public const int AnnotationsMax = 32;

    /// <summary>Characters of an annotation's key.</summary>
    public const int AnnotationKeyCharactersMax = 128;

    /// <summary>Characters of an annotation's value: an access policy of Amazon SQS has at most 8,192.</summary>
    public const int AnnotationValueCharactersMax = 16_384;

    /// <summary>Characters of all annotations of one queue, keys included.</summary>
    public const int AnnotationCharactersMax = 32_768;

    /// <summary>The largest maxReceives of a dead-letter definition.</summary>
    public const int MaxReceivesMax = 1_000;

    /// <summary>Dead-letter queues behind one another: how far a definition is followed to find a circle.</summary>
    public const int DeadLetterChainMax = 100;

    /// <summary>UTF-8 bytes of the text with which a receiver rejects a message.</summary>
    public const int RejectReasonBytesMax = 1_024;

    /// <summary>Messages that one command moves from queue to queue, so that the sequencer is held briefly.</summary>
    public const int MoveMessagesMax = 100;

    /// <summary>Bytes of messages that one command moves, unless one alone has more.</summary>
    public const int MoveBytesMax = 1_048_576;

    /// <summary>The fastest throttle of a redrive.</summary>
    public const int RedrivePerSecondMax = 100_000;

    /// <summary>Values that a redrive's filter may name for one attribute.</summary>
    public const int FilterValuesMax = 10;

    /// <summary>Offsets of a queue that one step of a redrive looks at, so that the sequencer is held briefly.</summary>
    public const int RedriveStepOffsetsMax = 4_096;

    /// <summary>Operations that go on at once.</summary>
    public const int OperationsActiveMax = 1_000;

    /// <summary>Operations that have ended and are remembered, the latest ones.</summary>
    public const int OperationsKeptMax = 1_000;

    /// <summary>How long an operation that has ended is remembered at most: 14 days, in milliseconds.</summary>
    public const long OperationKeptMs = 14L * 86_400 * 1_000;

    /// <summary>A day.</summary>
    public const int DeduplicationWindowSecondsMax = 86_400;

    /// <summary>Five minutes, as in Amazon SQS.</summary>
    public const int DeduplicationWindowSecondsDefault = 300;

    /// <summary>UTF-8 bytes of a deduplication id.</summary>
    public const int DeduplicationIdBytesMax = 255;

    /// <summary>Deduplication ids that one queue remembers (memory: about 100 bytes each).</summary>
    public const int DeduplicationIdsPerQueueMax = 1_000_000;

    /// <summary>Bytes of an idempotency key.</summary>
    public const int IdempotencyKeyBytesMax = 128;

    /// <summary>How long an idempotency key is remembered: five minutes.</summary>
    public const int IdempotencySeconds = 300;

    /// <summary>
    /// Idempotency keys that one queue remembers (memory: up to 300 bytes each). One whose answer is long, since it refused many entries, counts as several.
    /// </summary>
    public const int IdempotencyKeysPerQueueMax = 500_000;

    /// <summary>UTF-8 bytes of a receive attempt's id.</summary>
    public const int ReceiveAttemptIdBytesMax = 128;

    /// <summary>How long a receive attempt is remembered: five minutes, as in Amazon SQS.</summary>
    public const int ReceiveAttemptSeconds = 300;

    /// <summary>
    /// Messages of the receive attempts that one queue remembers, each attempt counting as one more (memory: 16 bytes each, 150 an attempt). Beyond it the oldest
    /// attempts are forgotten: whoever repeats one receives other messages, and those that it had are ready again when their lease ends.
    /// </summary>
    public const int ReceiveAttemptMessagesPerQueueMax = 100_000;

    /// <summary>What is remembered of a queue and over, that one step forgets: more than one call can add, so that the sequencer is held briefly.</summary>
    public const int WindowStepMax = 1_024;

    /// <summary>The longest wait of a retry policy, 12 hours.</summary>
    public const int RetrySecondsMax = 43_200;

    /// <summary>A retry policy's minSeconds unless it says otherwise.</summary>
    public const int RetryMinSecondsDefault = 1;

    /// <summary>A retry policy's maxSeconds unless it says otherwise.</summary>
    public const int RetryMaxSecondsDefault = 300;

    /// <summary>A retry policy's factor unless it says otherwise.</summary>
    public const double RetryFactorDefault = 2;

    /// <summary>The largest factor of a retry policy.</summary>
    public const double RetryFactorMax = 10;

    /// <summary>Priorities of one queue.</summary>
    public const int PrioritiesMax = 10;

    /// <summary>The largest value of a queue's maxMessages.</summary>
    public const int MaxMessagesMax = 1_000_000_000;

    /// <summary>Queues of the whole server (memory: under 1 KiB each when idle).</summary>
    public const int QueuesMax = 1_000_000;

    /// <summary>Messages of one queue that are leased at once (memory: one map entry each).</summary>
    public const int LeasedPerQueueMax = 1_000_000;

    /// <summary>Receives that wait at once on one queue.</summary>
    public const int WaitingPerQueueMax = 10_000;

    /// <summary>Steps in which a queue-wide delay runs out, so that its second cursor stays under 2 MiB; see <c>DelayMarks</c>.</summary>
    public const int DelayMarksPerQueue = 65_536;

    /// <summary>Expired messages that one receive clears out of its way before it answers that there is nothing.</summary>
    public const int ExpiredPerReceiveMax = 1_000;

    /// <summary>Messages that one command of the heartbeat trims one by one, so that the sequencer is held briefly.</summary>
    public const int TrimStepMax = 16_384;

    /// <summary>Definitions of one document (time: it is judged and applied inside the sequencer).</summary>
    public const int DefinitionsMax = 10_000;

    /// <summary>Messages of one page of a browsed queue.</summary>
    public const int BrowseMax = 1_000;

    /// <summary>A browsed page unless the call says otherwise.</summary>
    public const int BrowseDefault = 100;

    /// <summary>Messages that one browse looks at, of whatever state, so that the sequencer is held briefly: about a millisecond.</summary>
    public const int BrowseLooksMax = 10_000;

    /// <summary>The longest page of a list.</summary>
    public const int ListPageSizeMax = 1_000;

    /// <summary>Characters of tags and annotations on a page of a list of queues, unless one queue alone has more: 48 MiB where each of them is escaped.</summary>
    public const int ListPageCharactersMax = 8 * 1024 * 1024;

    /// <summary>A list's page unless the call says otherwise.</summary>
    public const int ListPageSizeDefault = 100;

    /// <summary>Changes of definitions that wait for the catalog in Postgres.</summary>
    public const int CatalogChangesWaitingMax = 10_000;

    /// <summary>Changes of definitions that one transaction of the catalog in Postgres gathers.</summary>
    public const int CatalogBatchMax = 200;

    /// <summary>Bytes of journal entries at which such a transaction is full. What one change brings is never split.</summary>
    public const int CatalogBatchBytes = 256 * 1024;

    /// <summary>Access keys of the server (memory: under 1 KiB each).</summary>
    public const int AccessKeysMax = 10_000;

    /// <summary>An access key's id (IAM API Reference, "AccessKey").</summary>
    public const int AccessKeyIdCharactersMin = 16;

    /// <inheritdoc cref="AccessKeyIdCharactersMin"/>
    public const int AccessKeyIdCharactersMax = 128;

    /// <summary>An access key's secret: enough that nobody guesses it.</summary>
    public const int SecretCharactersMin = 16;

    /// <summary>An access key's secret; those of AWS have 40.</summary>
    public const int SecretCharactersMax = 128;

    /// <summary>Queues and topics that one command of a reset deletes, so that the sequencer is held briefly.</summary>
    public const int ResetBatchMax = 100;

    /// <summary>Partitions of one topic.</summary>
    public const int PartitionsMax = 10_000;

    /// <summary>Partitions of all topics of the server (memory: under 1 KiB each when idle).</summary>
    public const int PartitionsOfServerMax = 200_000;

    /// <summary>Subscriptions of one topic (memory: about 600 bytes each, and the filter); Amazon SNS has 12,500,000.</summary>
    public const int SubscriptionsPerTopicMax = 200_000;

    /// <summary>Delivery queues of those, and queues in which they gather while they are paused: a stream each, which goes with the topic in one frame.</summary>
    public const int StreamsPerTopicMax = 10_000;

    /// <summary>Messages of one subscription that are taken at once to be pushed.</summary>
    public const int DeliveriesPerTakeMax = 256;

    /// <summary>Bytes of them; at least one is taken, whatever its size.</summary>
    public const int DeliveryBytesPerTakeMax = 4 << 20;

    /// <summary>Receivers that wait to be told that they have ended their subscriptions; more are not told.</summary>
    public const int FarewellsMax = 1_000;

    /// <summary>Subscriptions that have ended and are looked at for whether they can be forgotten, whenever another one ends.</summary>
    public const int FarewellsSweptMax = 100;

    /// <summary>Attempts of one subscription that are remembered, in memory, some 100 bytes each.</summary>
    public const int DeliveryRecordsMax = 100;

    /// <summary>UTF-16 units of what is told of a failed delivery.</summary>
    public const int DeliveryReasonCharactersMax = 1_024;

    /// <summary>Subscriptions of the whole server.</summary>
    public const int SubscriptionsMax = 1_000_000;

    /// <summary>Records that one step of a copy task copies to queues, at most.</summary>
    public const int CopyRecordsMax = CallEntriesMax;

    /// <summary>Copy tasks of committed transactions that wait at once (memory: about 300 bytes each): one for each of a transaction's partitions whose topic has subscriptions. Where they would be more, it is not committed yet.</summary>
    public const int CopyTasksMax = 100_000;

    /// <summary>Copy tasks that have a step each before what is dead has its turn again, and that the sequencer is asked for at once.</summary>
    public const int CopyTasksPerTurnMax = 100;

    /// <summary>Bytes of batches that one step of a copy task reads, about. Bytes.</summary>
    public const int CopyBytesMax = 1 << 20;

    /// <summary>Transactions that are open in a partition when a subscription begins there, of which is remembered that their records come when they are committed.</summary>
    public const int CopyOpenTransactionsMax = 64;

    /// <summary>Producers that one partition knows (memory: about 300 bytes each).</summary>
    public const int ProducersPerPartitionMax = 100_000;

    /// <summary>How long an idle producer is known when its records have gone: a day, as in Kafka (producer.id.expiration.ms). While they are there it is never forgotten.</summary>
    public const int ProducerIdleSeconds = 86_400;

    /// <summary>The longest transaction of a producer: 15 minutes, as in Kafka.</summary>
    public const int TransactionTimeoutSecondsMax = 900;

    /// <summary>A transaction's longest time unless its producer says otherwise, as in Kafka.</summary>
    public const int TransactionTimeoutSecondsDefault = 60;

    /// <summary>Operations of a transaction of one call.</summary>
    public const int TransactionOperationsMax = 100;

    /// <summary>Transactional ids of the server (memory: about 500 bytes each).</summary>
    public const int TransactionalIdsMax = 100_000;

    /// <summary>How long a transactional id is known that nobody uses: seven days, as in Kafka.</summary>
    public const int TransactionalIdIdleSeconds = 604_800;

    /// <summary>Headers of one record.</summary>
    public const int RecordHeadersMax = 100;

    /// <summary>UTF-8 bytes of a record's subject: 100 characters, as Amazon SNS has them.</summary>
    public const int SubjectBytesMax = 400;

    /// <summary>UTF-8 bytes of a header's name.</summary>
    public const int RecordHeaderNameBytesMax = 256;

    /// <summary>The latest time of a record: the end of the year 9999, beyond which no text can name it. Milliseconds since 1970.</summary>
    public const long TimestampMsMax = 253_402_300_799_999;

    /// <summary>Stored bytes of one fetch; as many as a call may publish.</summary>
    public const int FetchBytesMax = 16 * 1024 * 1024;

    /// <summary>A fetch's bytes unless it says otherwise, as in Kafka for one partition.</summary>
    public const int FetchBytesDefault = 1024 * 1024;

    /// <summary>Fetches that wait at once on one partition.</summary>
    public const int WaitingPerPartitionMax = 10_000;

    /// <summary>How long a fetch may wait.</summary>
    public const int FetchWaitSecondsMax = 20;

    /// <summary>How long a fetch of old records leaves the disk to the journal, at most, before it reads.</summary>
    public const int ReadRestMsMax = 250;

    /// <summary>Partitions of which the heartbeat trims old records in one command, so that the sequencer is held briefly.</summary>
    public const int TrimmedPartitionsPerStepMax = 100;

    /// <summary>Seven days, as in Kafka.</summary>
    public const int TopicRetentionSecondsDefault = 604_800;

    /// <summary>As many seconds as a number of 32 bits has: 68 years. For ever is null.</summary>
    public const int TopicRetentionSecondsMax = int.MaxValue;

    /// <summary>A day, as in Kafka.</summary>
    public const int TombstoneSecondsDefault = 86_400;

    /// <summary>
    /// Keys that one pass of compaction remembers, 1,000,000 (memory: about 40 MiB, of one pass at a time): a partition with more of them is compacted in several passes.
    /// </summary>
    public const int CompactionKeysMax = 1_000_000;

    /// <summary>Stored bytes that compaction reads a second, 32 MiB, so that it leaves the disk to others.</summary>
    public const int CompactionBytesPerSecond = 32 * 1024 * 1024;

    /// <summary>Stored bytes that compaction reads between two looks at whether the broker stops; one record batch, however large.</summary>
    public const int CompactionReadBytes = 1024 * 1024;

    /// <summary>Runs of offsets that one command of compaction releases, so that the sequencer is held briefly: well under a millisecond.</summary>
    public const int CompactionRunsPerStepMax = 1_024;

    /// <summary>The least share of what a partition has that compaction has not seen, at which it begins: one half, as in Kafka (min.cleanable.dirty.ratio).</summary>
    public const double CompactionDirtyShareMin = 0.5;

    /// <summary>Times at which compaction has met tombstones that a partition remembers; also by how much of their time tombstones may be kept longer, a 32nd of it.</summary>
    public const int TombstoneMarksMax = 64;

    /// <inheritdoc cref="TombstoneMarksMax"/>
    public const int TombstoneMarksPerTime = 32;

    /// <summary>Consumer groups of the whole server (memory: under 2 KiB each while it has no members).</summary>
    public const int GroupsMax = 100_000;

    /// <summary>Members of one consumer group.</summary>
    public const int MembersPerGroupMax = 1_000;

    /// <summary>Topics that one member subscribes to.</summary>
    public const int TopicsPerMemberMax = 1_000;

    /// <summary>Partitions that one consumer group shares out, and those that it has offsets of (memory: about 200 bytes each, and the metadata).</summary>
    public const int PartitionsPerGroupMax = 100_000;

    /// <summary>UTF-8 bytes of a static member's instance id.</summary>
    public const int InstanceIdBytesMax = 255;

    /// <summary>UTF-8 bytes of what a member says of its client: name and host.</summary>
    public const int ClientTextBytesMax = 255;

    /// <summary>How long a member may be silent, at least; group.min.session.timeout.ms of Kafka.</summary>
    public const int SessionSecondsMin = 6;

    /// <summary>Half an hour; group.max.session.timeout.ms of Kafka.</summary>
    public const int SessionSecondsMax = 1_800;

    /// <summary>session.timeout.ms of Kafka.</summary>
    public const int SessionSecondsDefault = 45;

    /// <summary>How long a member may take to give partitions up, at least.</summary>
    public const int RebalanceSecondsMin = 1;

    /// <summary>A day.</summary>
    public const int RebalanceSecondsMax = 86_400;

    /// <summary>Five minutes; max.poll.interval.ms of Kafka.</summary>
    public const int RebalanceSecondsDefault = 300;

    /// <summary>UTF-8 bytes of the metadata of a committed offset; offset.metadata.max.bytes of Kafka.</summary>
    public const int OffsetMetadataBytesMax = 4_096;

    /// <summary>How long the offsets of a consumer group without members are kept unless the server says otherwise: 7 days, offsets.retention.minutes of Kafka.</summary>
    public const int OffsetRetentionSecondsDefault = 604_800;

    /// <summary>Partitions that one fetch of a consumer group leases.</summary>
    public const int LeasesPerFetchMax = 100;

    /// <summary>Topics that one fetch of a consumer group names.</summary>
    public const int TopicsPerGroupFetchMax = 100;

    /// <summary>Records of one fetch of a consumer group.</summary>
    public const int GroupFetchRecordsMax = 10_000;

    /// <summary>How long a fetch of a consumer group has its records to itself unless it says otherwise; at most <see cref="LeaseSecondsMax"/>.</summary>
    public const int GroupLeaseSecondsDefault = 30;

    /// <summary>Offsets that one call commits or sets.</summary>
    public const int OffsetsPerCallMax = 10_000;

    /// <summary>A consumer group of which nothing is left, neither members nor offsets, is dropped after so long.</summary>
    public const int DeadGroupSeconds = 300;

    /// <summary>Rows that a mirror asks for at once when it catches up.</summary>
    public const int CatalogPageMax = 1_000;

    /// <summary>Documents of fronts on the server; ours (memory: their texts, and about 300 bytes each).</summary>
    public const int DocumentsMax = 1_000_000;

    /// <summary>Characters of a document.</summary>
    public const int DocumentCharactersMax = 65_536;

    /// <summary>UTF-8 bytes of a document's name.</summary>
    public const int DocumentNameBytesMax = 1_024;
}
