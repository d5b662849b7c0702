using Messaging.Broker.Catalog;
using Messaging.Broker.Messages;
using Messaging.Broker.Moves;
using Messaging.Broker.Names;
using Messaging.Broker.Operations;
using Messaging.Broker.Queues;

namespace Messaging.Broker;

/// <summary>
/// What a front may call on long operations, and the redrives that begin them. Owned by the <see cref="MessageBroker"/>; safe for concurrent calls. Refusals are values, faults of the disk are exceptions of Storage.
/// Cancellation counts until a command is sequenced; from then on the write ends, whoever waits.
/// </summary>
public sealed class OperationBroker
{
    private readonly StartRedrive _redrive;
    private readonly AskOperations _ask;

    internal OperationBroker(QueueHost host, OperationJournal journal) => (_redrive, _ask) = (new StartRedrive(host, journal), new AskOperations(host, journal));

    /// <summary>Starts to move messages back to where they came from, or elsewhere; one at a time for a queue (<see cref="ErrorCode.RedriveRunning"/>).</summary>
    public ValueTask<Result<LongOperation>> RedriveAsync(QueueKey key, RedriveRequest request, CancellationToken cancellationToken) =>
        _redrive.RunAsync(key, request, null, cancellationToken);

    /// <summary>
    /// The same, once for each idempotency key: for <see cref="BrokerLimits.IdempotencySeconds"/> the same request is answered as the first one was, with the same
    /// operation as it was then, however far it is or ended it has; another one under its key is refused (<see cref="ErrorCode.IdempotencyKeyReused"/>).
    /// </summary>
    public ValueTask<Result<LongOperation>> RedriveAsync(QueueKey key, RedriveRequest request, IdempotentRequest? asked, CancellationToken cancellationToken) =>
        _redrive.RunAsync(key, request, asked, cancellationToken);

    /// <summary>A long operation of the namespace, as it is now.</summary>
    public ValueTask<Result<LongOperation>> GetAsync(AccountId account, NamespaceName space, OperationId id, CancellationToken cancellationToken) =>
        _ask.GetAsync(account, space, id, cancellationToken);

    /// <summary>A page of the namespace's operations, the newest first: those that go on, and the latest that have ended.</summary>
    public ValueTask<Result<OperationPage>> ListAsync(
        AccountId account, NamespaceName space, int pageSize, string? pageToken, CancellationToken cancellationToken) =>
        _ask.ListAsync(account, space, pageSize, pageToken, cancellationToken);

    /// <summary>
    /// The latest redrives that were started of this queue, at most so many (1 to <see cref="BrokerLimits.ListPageSizeMax"/>), the newest first: those that go on, and
    /// those that have ended. Those of a deleted queue of the same name are not its.
    /// </summary>
    public ValueTask<Result<IReadOnlyList<LongOperation>>> ListRedrivesAsync(QueueKey key, int max, CancellationToken cancellationToken) =>
        _ask.ListOfAsync(key, max, cancellationToken);

    /// <summary>Tells an operation to end, and answers how it is then; one that has ended stays as it is. What is moved stays moved.</summary>
    public ValueTask<Result<LongOperation>> CancelAsync(AccountId account, NamespaceName space, OperationId id, CancellationToken cancellationToken) =>
        _ask.CancelAsync(account, space, id, cancellationToken);
}
