using System.Diagnostics.CodeAnalysis;
using Messaging.Broker.Catalog;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Producers;
using Messaging.Broker.Topics;

namespace Messaging.Broker;

/// <summary>
/// What a front may call on topics. Owned by the <see cref="MessageBroker"/>; safe for concurrent calls. Refusals are values, faults of the disk are exceptions of Storage.
/// Cancellation counts until a command is sequenced; from then on the write ends, whoever waits.
/// </summary>
public sealed class TopicBroker
{
    private readonly TopicHost _host;
    private readonly DefineTopic _defineTopic;
    private readonly GetTopic _getTopic;
    private readonly ListTopics _listTopics;
    private readonly DeleteTopic _deleteTopic;
    private readonly PublishRecords _publishRecords;
    private readonly PublishAsProducer _publishAsProducer;
    private readonly PublishBatch _publishBatch;
    private readonly FetchRecords _fetchRecords;
    private readonly FindOffsets _findOffsets;
    private readonly DescribePartitions _describePartitions;
    private readonly DeleteRecords _deleteRecords;

    internal TopicBroker(TopicHost host, LocalCatalog catalog, TopicJournal journal, CatalogWriter? writer)
    {
        _publishAsProducer = new PublishAsProducer(host, catalog.Producers);
        _host = host;
        _defineTopic = new DefineTopic(host, journal, writer);
        _getTopic = new GetTopic(host);
        _listTopics = new ListTopics(host, catalog);
        _deleteTopic = new DeleteTopic(host, catalog, journal, writer);
        _publishRecords = new PublishRecords(host);
        _publishBatch = new PublishBatch(host, catalog.Producers);
        _fetchRecords = new FetchRecords(host);
        _findOffsets = new FindOffsets(host);
        _describePartitions = new DescribePartitions(host);
        _deleteRecords = new DeleteRecords(host);
    }

    /// <summary>Creates the topic or replaces its definition, where <paramref name="precondition"/> holds; its type can't change, and its partitions only grow (<see cref="ErrorCode.Immutable"/>).</summary>
    public ValueTask<Result<PutTopicResult>> PutAsync(TopicKey key, TopicDefinition definition, Precondition precondition, CancellationToken cancellationToken) =>
        _defineTopic.PutAsync(key, definition, precondition, cancellationToken);

    /// <summary>Changes some fields of the topic's definition, where <paramref name="precondition"/> holds.</summary>
    public ValueTask<Result<PutTopicResult>> PatchAsync(TopicKey key, TopicPatch patch, Precondition precondition, CancellationToken cancellationToken) =>
        _defineTopic.PatchAsync(key, patch, precondition, cancellationToken);

    /// <summary>The definition at one synced point.</summary>
    public ValueTask<Result<TopicDescription>> GetAsync(TopicKey key, CancellationToken cancellationToken) => _getTopic.RunAsync(key, cancellationToken);

    /// <summary>
    /// The topic's definition at this moment, without waiting for what is not synced yet: for bounding and judging a call before it is made. Whoever tells of it, or of a topic that is not
    /// there, asks <see cref="GetAsync"/> first.
    /// </summary>
    public bool TryGetDefinition(in TopicKey key, [NotNullWhen(true)] out TopicDefinition? definition)
    {
        definition = _host.Topics.TryGet(key, out LiveTopic? topic) ? topic.Definition : null;
        return definition is not null;
    }

    /// <summary>A page of the topics whose names begin with <paramref name="prefix"/>, in ordinal order of names.</summary>
    public ValueTask<Result<TopicPage>> ListAsync(
        AccountId account, NamespaceName space, string? prefix, int pageSize, string? pageToken, CancellationToken cancellationToken) =>
        _listTopics.RunAsync(account, space, prefix, pageSize, pageToken, cancellationToken);

    /// <summary>Deletes the topic with its records, where <paramref name="precondition"/> holds.</summary>
    public ValueTask<Result<bool>> DeleteAsync(TopicKey key, Precondition precondition, CancellationToken cancellationToken) =>
        _deleteTopic.RunAsync(key, precondition, cancellationToken);

    /// <summary>
    /// Stores the records, those of all partitions in one frame; one outcome per record, in their order. Returns after the sync. Once for each idempotency key, as
    /// <see cref="QueueBroker.SendAsync(QueueKey, ReadOnlyMemory{OutgoingMessage}, IdempotentRequest?, CancellationToken)"/> is.
    /// </summary>
    public ValueTask<Result<PublishOutcome[]>> PublishAsync(
        TopicKey key, ReadOnlyMemory<OutgoingRecord> records, IdempotentRequest? request, CancellationToken cancellationToken) =>
        _publishRecords.RunAsync(key, records, request, cancellationToken);

    /// <summary>The id of a record that was published, the same for every copy of it; false where the topic has gone meanwhile, or the record was refused.</summary>
    public bool TryIdentify(in TopicKey key, in PublishOutcome outcome, out MessageId id)
    {
        id = default;
        if (outcome.Error is not null || !_host.Topics.TryGet(key, out LiveTopic? topic) || outcome.Partition >= topic.Partitions.Length) return false;
        id = _host.Keys.Identify(new MessagePlace(topic.Partitions[outcome.Partition].Stream.Id, outcome.Offset));
        return true;
    }

    /// <summary>
    /// Stores the records as a producer that has asked for its id (<see cref="TransactionBroker.InitProducerAsync"/>), once for each sequence; one outcome per record, in their order. A producer with
    /// a newer epoch, or a record that breaks a rule, refuses the call; a partition where the sequence has a gap, only its own records (<see cref="ErrorCode.OutOfOrderSequence"/>).
    /// </summary>
    public ValueTask<Result<PublishOutcome[]>> PublishAsync(
        TopicKey key, ReadOnlyMemory<OutgoingRecord> records, ProducerClaim producer, CancellationToken cancellationToken) =>
        _publishAsProducer.RunAsync(key, records, producer, cancellationToken);

    /// <summary>Stores one whole record batch v2 of Kafka as it is, in the partition that the caller has chosen. Its memory is borrowed until the task has ended.</summary>
    public ValueTask<Result<PublishedBatch>> PublishBatchAsync(TopicKey key, int partition, ReadOnlyMemory<byte> batch, CancellationToken cancellationToken) =>
        _publishBatch.RunAsync(key, partition, batch, cancellationToken);

    /// <summary>
    /// Stored batches from an offset on, waiting for them as long as asked. An offset that the partition does not have is <see cref="ErrorCode.OffsetOutOfRange"/>; the one behind the last
    /// record is answered with nothing. The caller disposes the answer.
    /// </summary>
    public ValueTask<Result<FetchedRecords>> FetchAsync(TopicKey key, int partition, FetchRequest request, CancellationToken cancellationToken) =>
        _fetchRecords.RunAsync(key, partition, request, cancellationToken);

    /// <summary>Of one partition, or of each, the offset of the first record of that time (ms since 1970) or later; of <see cref="FetchRequest.Earliest"/> and <see cref="FetchRequest.Latest"/> its ends.</summary>
    public ValueTask<Result<IReadOnlyList<FoundOffset>>> FindOffsetsAsync(TopicKey key, int? partition, long timestampMs, CancellationToken cancellationToken) =>
        _findOffsets.RunAsync(key, partition, timestampMs, cancellationToken);

    /// <summary>The partitions as they are, in the order of their numbers.</summary>
    public ValueTask<Result<IReadOnlyList<PartitionDescription>>> DescribePartitionsAsync(TopicKey key, CancellationToken cancellationToken) =>
        _describePartitions.RunAsync(key, cancellationToken);

    /// <summary>Drops the records of a partition below an offset, or all that can be read by <see cref="FetchRequest.Latest"/>; the partition's ends afterwards.</summary>
    public ValueTask<Result<PartitionOffsets>> DeleteRecordsAsync(TopicKey key, int partition, long before, CancellationToken cancellationToken) =>
        _deleteRecords.RunAsync(key, partition, before, cancellationToken);
}
