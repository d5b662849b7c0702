using System.Diagnostics.CodeAnalysis;
using Messaging.Broker.Catalog;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Time;
using Messaging.Storage;
using Messaging.Storage.Disk;
using Microsoft.Extensions.Logging;

namespace Messaging.Broker;

/// <summary>
/// The front door of the domain: every operation that a front may call. One instance a data folder; safe for concurrent calls.
/// Refusals are values (<see cref="Result{T}"/>), faults of the disk are exceptions of Storage.
/// Cancellation counts until a command is sequenced; from then on the write ends, whoever waits.
/// </summary>
public sealed partial class MessageBroker : IAsyncDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    private readonly QueueHost _host;
    private readonly LocalCatalog _catalog;
    private readonly DefineQueue _defineQueue;
    private readonly GetQueue _getQueue;
    private readonly ListQueues _listQueues;
    private readonly DeleteQueue _deleteQueue;
    private readonly SendMessages _sendMessages;
    private readonly ReceiveMessages _receiveMessages;
    private readonly AcknowledgeMessages _acknowledgeMessages;
    private readonly ChangeLeases<ExtendEntry> _extendLeases;
    private readonly ChangeLeases<ReleaseEntry> _releaseMessages;
    private readonly Retention _retention;
    private readonly ILogger _logger;
    private readonly Action<Exception> _fatal;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _stopLock = new();
    private readonly Task _heartbeat;
    private Task? _stopped;

    private MessageBroker(QueueHost host, LocalCatalog catalog, ILogger logger, Action<Exception> fatal, bool hasHeartbeat)
    {
        _host = host;
        _catalog = catalog;
        _logger = logger;
        _fatal = fatal;
        _defineQueue = new DefineQueue(host, catalog);
        _getQueue = new GetQueue(host);
        _listQueues = new ListQueues(host, catalog);
        _deleteQueue = new DeleteQueue(host, catalog);
        _sendMessages = new SendMessages(host);
        _receiveMessages = new ReceiveMessages(host);
        _acknowledgeMessages = new AcknowledgeMessages(host);
        _extendLeases = new ChangeLeases<ExtendEntry>(host, LeaseChange.Extend);
        _releaseMessages = new ChangeLeases<ReleaseEntry>(host, LeaseChange.Release);
        _retention = new Retention(host);
        _heartbeat = hasHeartbeat ? BeatAsync() : Task.CompletedTask;
    }

    /// <summary>Sends are refused with <see cref="ErrorCode.DiskFull"/>: the disk is nearly full.</summary>
    public bool SendsRefused => _host.Engine.SendsRefused;

    /// <summary>Blocks of messages that are damaged on the disk: receives name their messages as damaged, and everything else is served.</summary>
    public int DamagedBlocks => _host.Engine.QuarantinedBlocks;

    internal LogEngine Engine => _host.Engine;

    internal BrokerClock Clock => _host.Clock;

    /// <summary>The catalog's version: it grows with every change of any definition. Belongs to the sequencer.</summary>
    internal long CatalogVersion => _catalog.Version;

    internal QueueDirectory Queues => _host.Queues;

    internal MessageKeys Keys => _host.Keys;

    /// <summary>
    /// Recovers what the folder holds and is ready when it returns. <paramref name="fatal"/> is told of a fault of the journal or of the heartbeat, and must end the process.
    /// </summary>
    /// <exception cref="StorageFaultException">The folder is in use, damaged, of another format, or can't be read or written.</exception>
    public static MessageBroker Open(IDisk disk, BrokerOptions options, TimeProvider time, ILoggerFactory loggers, Action<Exception> fatal)
    {
        ILogger logger = loggers.CreateLogger<MessageBroker>();
        var queues = new QueueDirectory();
        var catalog = new LocalCatalog(queues);
        var machine = new BrokerStateMachine(catalog, queues);
        LogEngine engine = LogEngine.Open(disk, options.Engine, machine, loggers.CreateLogger<LogEngine>(), fatal);
        catalog.CheckWhole();
        if (!catalog.HasKeys) MintKeys(engine, catalog, options.Engine.FillRandom);
        var clock = new BrokerClock(time, machine.FloorMs());
        machine.Clock = clock;
        var wakes = new Wakes(time, clock, engine);
        var host = new QueueHost(engine, queues, catalog.NewKeys(), clock, wakes, time);
        LogOpened(logger, queues.Count);
        return new MessageBroker(host, catalog, logger, fatal, options.Engine.RunThreads);
    }

    /// <summary>Creates the queue or replaces its definition; the type can't change (<see cref="ErrorCode.Immutable"/>).</summary>
    public ValueTask<Result<PutQueueResult>> PutQueueAsync(QueueKey key, QueueDefinition definition, CancellationToken cancellationToken) =>
        PutQueueAsync(key, definition, default, cancellationToken);

    /// <summary>The same, where <paramref name="precondition"/> holds; else <see cref="ErrorCode.PreconditionFailed"/>.</summary>
    public ValueTask<Result<PutQueueResult>> PutQueueAsync(
        QueueKey key, QueueDefinition definition, Precondition precondition, CancellationToken cancellationToken) =>
        _defineQueue.PutAsync(key, definition, precondition, cancellationToken);

    /// <summary>Changes some fields of the queue's definition, where <paramref name="precondition"/> holds.</summary>
    public ValueTask<Result<PutQueueResult>> PatchQueueAsync(
        QueueKey key, QueuePatch patch, Precondition precondition, CancellationToken cancellationToken) =>
        _defineQueue.PatchAsync(key, patch, precondition, cancellationToken);

    /// <summary>The definition and the counts at one synced point.</summary>
    public ValueTask<Result<QueueDescription>> GetQueueAsync(QueueKey key, CancellationToken cancellationToken) =>
        _getQueue.RunAsync(key, cancellationToken);

    /// <summary>
    /// The queue's limit of a message at this moment, in bytes, without waiting for what is not synced yet: for bounding a body before it is read.
    /// Whoever tells of it, or of a queue that is not there, asks <see cref="GetQueueAsync"/> first.
    /// </summary>
    public bool TryGetMaxMessageBytes(in QueueKey key, out int bytes)
    {
        bool found = _host.Queues.TryGet(key, out LiveQueue? queue);
        bytes = found ? queue!.Definition!.MaxMessageBytes : 0;
        return found;
    }

    /// <summary>A page of the queues whose names begin with <paramref name="prefix"/>, in ordinal order of names.</summary>
    public ValueTask<Result<QueuePage>> ListQueuesAsync(
        AccountId account, NamespaceName space, string? prefix, int pageSize, string? pageToken, CancellationToken cancellationToken) =>
        _listQueues.RunAsync(account, space, prefix, pageSize, pageToken, cancellationToken);

    /// <summary>Deletes the queue with its messages; receipts of it die with it.</summary>
    public ValueTask<Result<bool>> DeleteQueueAsync(QueueKey key, CancellationToken cancellationToken) => DeleteQueueAsync(key, default, cancellationToken);

    /// <summary>The same, where <paramref name="precondition"/> holds.</summary>
    public ValueTask<Result<bool>> DeleteQueueAsync(QueueKey key, Precondition precondition, CancellationToken cancellationToken) =>
        _deleteQueue.RunAsync(key, precondition, cancellationToken);

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
        _acknowledgeMessages.RunAsync(key, receipts, cancellationToken);

    /// <summary>Per entry: null when the lease now ends as asked, or the refusal.</summary>
    public ValueTask<Result<BrokerError?[]>> ExtendAsync(QueueKey key, ReadOnlyMemory<ExtendEntry> entries, CancellationToken cancellationToken) =>
        _extendLeases.RunAsync(key, entries, cancellationToken);

    /// <summary>Per entry: null when the message is given back, or the refusal.</summary>
    public ValueTask<Result<BrokerError?[]>> ReleaseAsync(QueueKey key, ReadOnlyMemory<ReleaseEntry> entries, CancellationToken cancellationToken) =>
        _releaseMessages.RunAsync(key, entries, cancellationToken);

    /// <summary>From here on new calls are refused with <see cref="ErrorCode.Stopping"/>; receives that wait answer empty at once. Calls under way end as they would.</summary>
    public void BeginStop()
    {
        if (_host.IsStopping) return;
        _host.IsStopping = true;
        _host.Engine.StopAdmitting();
        using Command command = _host.Engine.BeginCommand(0);
        _host.Wakes.CloseAll();
    }

    /// <summary><see cref="BeginStop"/>, then waits for the calls under way and stops the engine with a checkpoint. Idempotent.</summary>
    [SuppressMessage("Usage", "CA1816", Justification = "Nothing here has a finalizer.")]
    public ValueTask DisposeAsync()
    {
        lock (_stopLock)
        {
            return new ValueTask(_stopped ??= StopAsync());
        }
    }

    /// <summary>The state of a queue, for measurements; belongs to the sequencer.</summary>
    internal bool TryGetState(in QueueKey key, [NotNullWhen(true)] out QueueState? state)
    {
        state = _host.Queues.TryGet(key, out LiveQueue? queue) ? queue.State : null;
        return state is not null;
    }

    /// <summary>Receives that wait now, on all queues.</summary>
    internal int WaitingReceives()
    {
        using Command command = _host.Engine.BeginCommand(0);
        return _host.Wakes.CountWaiting();
    }

    /// <summary>One beat of the heartbeat, by hand: the simulation's.</summary>
    internal ValueTask TickAsync() => _retention.BeatAsync();

    /// <summary>Ends as a killed process does, up to the engine, which the simulation abandons by itself.</summary>
    internal void Abandon()
    {
        _host.IsStopping = true;
        _host.Wakes.Abandon();
    }

    // Not waited for: whatever hands out an id or a receipt is synced after it.
    private static void MintKeys(LogEngine engine, LocalCatalog catalog, Action<Memory<byte>> fillRandom)
    {
        byte[] idKey = new byte[MessageKeys.KeyBytes];
        byte[] receiptKey = new byte[MessageKeys.KeyBytes];
        fillRandom(idKey);
        fillRandom(receiptKey);
        byte[] entry = LocalCatalog.KeysEntry(idKey, receiptKey);
        using Command command = engine.BeginCommand(Command.StateBytes(entry.Length));
        command.AppendState(engine.System, entry);
        catalog.ApplyKeys(idKey, receiptKey);
        _ = command.Commit().AsTask();
    }

    private async Task BeatAsync()
    {
        using var timer = new PeriodicTimer(Beat, _host.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token)) await _retention.BeatAsync();
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The broker stops.
        }
        catch (Exception fault)
        {
            // Retention would end without a word, and state that broke an invariant can't be trusted.
            _fatal(fault);
            throw;
        }
    }

    private async Task StopAsync()
    {
        BeginStop();
        await _stopping.CancelAsync();
        await _heartbeat;
        await _host.Calls.DrainAsync();
        await _host.Wakes.DisposeAsync();
        await _host.Engine.DisposeAsync();
        _host.Keys.Dispose();
        _stopping.Dispose();
        LogStopped(_logger);
    }
}
