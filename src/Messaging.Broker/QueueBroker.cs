using System.Diagnostics.CodeAnalysis;
using Messaging.Broker.Catalog;
using Messaging.Broker.Messages;
using Messaging.Broker.Moves;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Broker;

/// <summary>
/// What a front may call on queues and their messages. Owned by the <see cref="MessageBroker"/>; safe for concurrent calls. Refusals are values, faults of the disk are exceptions of Storage.
/// Cancellation counts until a command is sequenced; from then on the write ends, whoever waits.
/// </summary>
public sealed class QueueBroker
{
    private readonly QueueHost _host;
    private readonly DefineQueue _defineQueue;
    private readonly GetQueue _getQueue;
    private readonly ListQueues _listQueues;
    private readonly ListDeadLetterSources _listDeadLetterSources;
    private readonly DeleteQueue _deleteQueue;
    private readonly SendMessages _sendMessages;
    private readonly ReceiveMessages _receiveMessages;
    private readonly AcknowledgeMessages _acknowledgeMessages;
    private readonly ChangeLeases<ExtendEntry> _extendLeases;
    private readonly ChangeLeases<ReleaseEntry> _releaseMessages;
    private readonly ReturnMessages _returnMessages;
    private readonly RejectMessages _rejectMessages;
    private readonly LookAtMessage _lookAtMessage;
    private readonly CancelMessage _cancelMessage;
    private readonly BrowseMessages _browseMessages;
    private readonly PurgeQueue _purgeQueue;

    internal QueueBroker(QueueHost host, LocalCatalog catalog, CatalogJournal journal, CatalogWriter? writer)
    {
        _host = host;
        _defineQueue = new DefineQueue(host, catalog, journal, writer);
        _getQueue = new GetQueue(host);
        _listQueues = new ListQueues(host, catalog);
        _listDeadLetterSources = new ListDeadLetterSources(host);
        _deleteQueue = new DeleteQueue(host, catalog, journal, writer);
        _sendMessages = new SendMessages(host);
        _receiveMessages = new ReceiveMessages(host);
        _acknowledgeMessages = new AcknowledgeMessages(host);
        _extendLeases = new ChangeLeases<ExtendEntry>(host, LeaseChange.Extend);
        _releaseMessages = new ChangeLeases<ReleaseEntry>(host, LeaseChange.Release, LeaseChange.Unhandled);
        _returnMessages = new ReturnMessages(host);
        _rejectMessages = new RejectMessages(host);
        var locator = new MessageLocator(host);
        var reader = new BrowsedReader(host);
        _lookAtMessage = new LookAtMessage(host, locator, reader);
        _cancelMessage = new CancelMessage(host, locator);
        _browseMessages = new BrowseMessages(host, reader);
        _purgeQueue = new PurgeQueue(host);
    }

    /// <summary>Creates the queue or replaces its definition; the type can't change (<see cref="ErrorCode.Immutable"/>).</summary>
    public ValueTask<Result<PutQueueResult>> PutAsync(QueueKey key, QueueDefinition definition, CancellationToken cancellationToken) =>
        PutAsync(key, definition, default, cancellationToken);

    /// <summary>The same, where <paramref name="precondition"/> holds; else <see cref="ErrorCode.PreconditionFailed"/>.</summary>
    public ValueTask<Result<PutQueueResult>> PutAsync(
        QueueKey key, QueueDefinition definition, Precondition precondition, CancellationToken cancellationToken) =>
        _defineQueue.PutAsync(key, definition, precondition, cancellationToken);

    /// <summary>Changes some fields of the queue's definition, where <paramref name="precondition"/> holds.</summary>
    public ValueTask<Result<PutQueueResult>> PatchAsync(
        QueueKey key, QueuePatch patch, Precondition precondition, CancellationToken cancellationToken) =>
        _defineQueue.PatchAsync(key, patch, precondition, cancellationToken);

    /// <summary>The definition and the counts at one synced point.</summary>
    public ValueTask<Result<QueueDescription>> GetAsync(QueueKey key, CancellationToken cancellationToken) =>
        _getQueue.RunAsync(key, cancellationToken);

    /// <summary>
    /// The queue's definition at this moment, without waiting for what is not synced yet: for bounding and judging a call before it is made.
    /// Whoever tells of it, or of a queue that is not there, asks <see cref="GetAsync"/> first.
    /// </summary>
    public bool TryGetDefinition(in QueueKey key, [NotNullWhen(true)] out QueueDefinition? definition)
    {
        definition = _host.Queues.DefinitionOf(key);
        return definition is not null;
    }

    /// <summary>A page of the queues whose names begin with <paramref name="prefix"/>, in ordinal order of names.</summary>
    public ValueTask<Result<QueuePage>> ListAsync(
        AccountId account, NamespaceName space, string? prefix, int pageSize, string? pageToken, CancellationToken cancellationToken) =>
        _listQueues.RunAsync(account, space, prefix, pageSize, pageToken, cancellationToken);

    /// <summary>A page of the queues of which this one is the dead-letter queue, in ordinal order of names.</summary>
    public ValueTask<Result<QueueKeyPage>> ListDeadLetterSourcesAsync(QueueKey key, int pageSize, string? pageToken, CancellationToken cancellationToken) =>
        _listDeadLetterSources.RunAsync(key, pageSize, pageToken, cancellationToken);

    /// <summary>Deletes the queue with its messages; receipts of it die with it.</summary>
    public ValueTask<Result<bool>> DeleteAsync(QueueKey key, CancellationToken cancellationToken) => DeleteAsync(key, default, cancellationToken);

    /// <summary>The same, where <paramref name="precondition"/> holds.</summary>
    public ValueTask<Result<bool>> DeleteAsync(QueueKey key, Precondition precondition, CancellationToken cancellationToken) =>
        DeleteAsync(key, precondition, evenIfInUse: false, cancellationToken);

    /// <summary>
    /// The same; where <paramref name="evenIfInUse"/> is true also a queue that is the dead-letter queue of others, which is refused else
    /// (<see cref="ErrorCode.QueueInUse"/>). They go on as if they had none, though they name it: what they have for it stays and is delivered again, and a queue that is
    /// made under its name, and of their type, is it again.
    /// </summary>
    public ValueTask<Result<bool>> DeleteAsync(QueueKey key, Precondition precondition, bool evenIfInUse, CancellationToken cancellationToken) =>
        _deleteQueue.RunAsync(key, precondition, evenIfInUse, cancellationToken);

    /// <summary>Stores the messages; one outcome per message, in their order. Returns after the sync.</summary>
    public ValueTask<Result<SendOutcome[]>> SendAsync(QueueKey key, ReadOnlyMemory<OutgoingMessage> messages, CancellationToken cancellationToken) =>
        _sendMessages.RunAsync(key, messages, null, cancellationToken);

    /// <summary>
    /// The same, once for each idempotency key: for <see cref="BrokerLimits.IdempotencySeconds"/> the same request is answered as the first one was and stores
    /// nothing, and another one under its key is refused (<see cref="ErrorCode.IdempotencyKeyReused"/>). A call that stored nothing is not remembered.
    /// </summary>
    public ValueTask<Result<SendOutcome[]>> SendAsync(
        QueueKey key, ReadOnlyMemory<OutgoingMessage> messages, IdempotentRequest? request, CancellationToken cancellationToken) =>
        _sendMessages.RunAsync(key, messages, request, cancellationToken);

    /// <summary>Leases up to <see cref="ReceiveRequest.Max"/> messages, waiting for the first. The caller disposes the answer.</summary>
    public ValueTask<Result<ReceivedMessages>> ReceiveAsync(QueueKey key, ReceiveRequest request, CancellationToken cancellationToken) =>
        _receiveMessages.RunAsync(key, request, cancellationToken);

    /// <summary>Per receipt: null when the message is acknowledged, now or already, or the refusal.</summary>
    public ValueTask<Result<BrokerError?[]>> AcknowledgeAsync(QueueKey key, ReadOnlyMemory<Receipt> receipts, CancellationToken cancellationToken) =>
        AcknowledgeAsync(key, receipts, onlyWhileLeased: false, cancellationToken);

    /// <summary>
    /// The same; where <paramref name="onlyWhileLeased"/> is true a receipt whose lease has ended, or that was given back, acknowledges nothing
    /// (<see cref="ErrorCode.NotLeased"/>): somebody else may be about to receive the message, or another one of its group.
    /// </summary>
    public ValueTask<Result<BrokerError?[]>> AcknowledgeAsync(
        QueueKey key, ReadOnlyMemory<Receipt> receipts, bool onlyWhileLeased, CancellationToken cancellationToken) =>
        _acknowledgeMessages.RunAsync(key, receipts, onlyWhileLeased, cancellationToken);

    /// <summary>Per entry: null when the lease now ends as asked, or the refusal.</summary>
    public ValueTask<Result<BrokerError?[]>> ExtendAsync(QueueKey key, ReadOnlyMemory<ExtendEntry> entries, CancellationToken cancellationToken) =>
        _extendLeases.RunAsync(key, entries, cancellationToken);

    /// <summary>Per entry: null when the message is given back, or the refusal.</summary>
    public ValueTask<Result<BrokerError?[]>> ReleaseAsync(QueueKey key, ReadOnlyMemory<ReleaseEntry> entries, CancellationToken cancellationToken) =>
        _releaseMessages.RunAsync(key, entries, cancellationToken);

    /// <summary>Gives back what was received and can't be delivered (<see cref="ReceivedMessages.Receipts"/>), as if it had not been: for a front that has no room for its answer. Only what nobody was shown.</summary>
    public ValueTask ReturnAsync(QueueKey key, ReadOnlyMemory<Receipt> receipts) => _returnMessages.RunAsync(key, receipts);

    /// <summary>Per entry: null when the message is in the dead-letter queue, or the refusal. <see cref="ErrorCode.NoDeadLetterQueue"/> where there is none.</summary>
    public ValueTask<Result<BrokerError?[]>> RejectAsync(QueueKey key, ReadOnlyMemory<RejectEntry> entries, CancellationToken cancellationToken) =>
        _rejectMessages.RunAsync(key, entries, cancellationToken);

    /// <summary>Shows one message without touching it: exactly one, which the caller disposes, or <see cref="ErrorCode.MessageNotFound"/>.</summary>
    public ValueTask<Result<BrowsedMessages>> LookAsync(QueueKey key, MessageId id, CancellationToken cancellationToken) =>
        _lookAtMessage.RunAsync(key, id, cancellationToken);

    /// <summary>Removes one message that is ready or delayed; <see cref="ErrorCode.MessageLeased"/> for one that is leased.</summary>
    public ValueTask<Result<bool>> CancelAsync(QueueKey key, MessageId id, CancellationToken cancellationToken) =>
        _cancelMessage.RunAsync(key, id, cancellationToken);

    /// <summary>A page of the queue's messages in the order in which they were sent, without touching them. The caller disposes the answer.</summary>
    public ValueTask<Result<BrowsedMessages>> BrowseAsync(QueueKey key, BrowseRequest request, CancellationToken cancellationToken) =>
        _browseMessages.RunAsync(key, request, cancellationToken);

    /// <summary>Drops all messages of the queue, leased ones included, and tells how many.</summary>
    public ValueTask<Result<long>> PurgeAsync(QueueKey key, CancellationToken cancellationToken) => _purgeQueue.RunAsync(key, cancellationToken);
}
