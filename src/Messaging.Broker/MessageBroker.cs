using System.Diagnostics;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Broker;

/// <summary>
/// The front door of the domain: every operation that a front may call. One instance a data folder; safe for concurrent calls.
/// Refusals are values (<see cref="Result{T}"/>), faults of the disk are exceptions of Storage.
/// Cancellation counts until a command is sequenced; from then on the write ends, whoever waits.
/// </summary>
public sealed class MessageBroker : IAsyncDisposable
{
    /// <summary>Creates the queue or replaces its definition; the type can't change (<see cref="ErrorCode.Immutable"/>).</summary>
    public ValueTask<Result<PutQueueResult>> PutQueueAsync(QueueKey key, QueueDefinition definition, CancellationToken cancellationToken) => throw new UnreachableException();

    /// <summary>The definition and the counts at one synced point.</summary>
    public ValueTask<Result<QueueDescription>> GetQueueAsync(QueueKey key, CancellationToken cancellationToken) => throw new UnreachableException();

    /// <summary>A page of the queues whose names begin with <paramref name="prefix"/>, in ordinal order of names.</summary>
    public ValueTask<Result<QueuePage>> ListQueuesAsync(
        AccountId account, NamespaceName space, string? prefix, int pageSize, string? pageToken, CancellationToken cancellationToken) => throw new UnreachableException();

    /// <summary>Deletes the queue with its messages; receipts of it die with it.</summary>
    public ValueTask<Result<bool>> DeleteQueueAsync(QueueKey key, CancellationToken cancellationToken) => throw new UnreachableException();

    /// <summary>Stores the messages; one outcome per message, in their order. Returns after the sync.</summary>
    public ValueTask<Result<SendOutcome[]>> SendAsync(QueueKey key, ReadOnlyMemory<OutgoingMessage> messages, CancellationToken cancellationToken) => throw new UnreachableException();

    /// <summary>Leases up to <see cref="ReceiveRequest.Max"/> messages, waiting for the first. The caller disposes the answer.</summary>
    public ValueTask<Result<ReceivedMessages>> ReceiveAsync(QueueKey key, ReceiveRequest request, CancellationToken cancellationToken) => throw new UnreachableException();

    /// <summary>Per receipt: null when the message is acknowledged, now or already, or the refusal.</summary>
    public ValueTask<Result<BrokerError?[]>> AcknowledgeAsync(QueueKey key, ReadOnlyMemory<Receipt> receipts, CancellationToken cancellationToken) => throw new UnreachableException();

    /// <summary>Per entry: null when the lease now ends as asked, or the refusal.</summary>
    public ValueTask<Result<BrokerError?[]>> ExtendAsync(QueueKey key, ReadOnlyMemory<ExtendEntry> entries, CancellationToken cancellationToken) => throw new UnreachableException();

    /// <summary>Per entry: null when the message is given back, or the refusal.</summary>
    public ValueTask<Result<BrokerError?[]>> ReleaseAsync(QueueKey key, ReadOnlyMemory<ReleaseEntry> entries, CancellationToken cancellationToken) => throw new UnreachableException();

    /// <summary>Answers all waiting receives, refuses new calls with <see cref="ErrorCode.Stopping"/>, and stops the engine cleanly.</summary>
    public ValueTask DisposeAsync() => throw new UnreachableException();
}
