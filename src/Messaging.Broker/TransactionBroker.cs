using Messaging.Broker.Catalog;
using Messaging.Broker.Copies;
using Messaging.Broker.Groups;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Producers;
using Messaging.Broker.Topics;
using Messaging.Broker.Transactions;

namespace Messaging.Broker;

/// <summary>
/// What a front may call on producers and their transactions, and on transactions of one call. Owned by the <see cref="MessageBroker"/>; safe for concurrent calls. Refusals are values, faults of the disk are exceptions of Storage.
/// Cancellation counts until a command is sequenced; from then on the write ends, whoever waits.
/// </summary>
public sealed class TransactionBroker
{
    private readonly InitProducer _initProducer;
    private readonly BeginTransaction _beginTransaction;
    private readonly EndTransaction _endTransaction;
    private readonly ProducerBeat _beat;
    private readonly RunTransaction _runTransaction;

    internal TransactionBroker(TopicHost host, GroupHost groups, LocalCatalog catalog, CopyJournal copies)
    {
        var journal = new ProducerJournal(host.Engine, catalog.Producers, copies, catalog);
        _initProducer = new InitProducer(host, journal);
        _beginTransaction = new BeginTransaction(host, journal);
        _endTransaction = new EndTransaction(host, journal);
        _beat = new ProducerBeat(host, journal);
        _runTransaction = new RunTransaction(host, groups);
    }

    /// <summary>
    /// A producer id and epoch to publish as. Of a transactional id, whose elder instance is fenced and its open transaction aborted; null: one of its own, without transactions.
    /// </summary>
    public ValueTask<Result<ProducerIdentity>> InitProducerAsync(ProducerKey? key, int transactionTimeoutSeconds, CancellationToken cancellationToken) =>
        _initProducer.RunAsync(key, transactionTimeoutSeconds, cancellationToken);

    /// <summary>Begins a transaction, and says until when it is open at most. The epoch names it: each transaction has one of its own.</summary>
    public ValueTask<Result<DateTimeOffset>> BeginAsync(AccountId account, ProducerIdentity producer, CancellationToken cancellationToken) =>
        _beginTransaction.RunAsync(account, producer, cancellationToken);

    /// <summary>Commits or aborts the open transaction of that epoch, in all its partitions at once; what the producer publishes as from then on.</summary>
    public ValueTask<Result<ProducerIdentity>> EndAsync(AccountId account, ProducerIdentity producer, bool isCommit, CancellationToken cancellationToken) =>
        _endTransaction.RunAsync(account, producer, isCommit, cancellationToken);

    /// <summary>
    /// Does all operations in one frame, or none; one result per operation, in their order. The refusal of the first that can't be done names its place. Once for each idempotency key, which is
    /// remembered with the first queue or topic.
    /// </summary>
    public ValueTask<Result<TransactionResult[]>> RunAsync(
        IReadOnlyList<TransactionOperation> operations, IdempotentRequest? request, CancellationToken cancellationToken) =>
        _runTransaction.RunAsync(operations, request, cancellationToken);

    internal ValueTask BeatAsync() => _beat.BeatAsync();
}
