using System.Diagnostics.CodeAnalysis;
using Messaging.Broker.Catalog;
using Messaging.Broker.Copies;
using Messaging.Broker.Deliveries;
using Messaging.Broker.Envelopes;
using Messaging.Broker.Groups;
using Messaging.Broker.Messages;
using Messaging.Broker.Moves;
using Messaging.Broker.Names;
using Messaging.Broker.Operations;
using Messaging.Broker.Producers;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Time;
using Messaging.Broker.Topics;
using Messaging.Broker.Topics.Compaction;
using Messaging.Storage;
using Messaging.Storage.Disk;
using Microsoft.Extensions.Logging;

namespace Messaging.Broker;

/// <summary>
/// The front door of the domain: all that a front may call stands behind its properties, a noun each. One instance a data folder; safe for concurrent calls.
/// Refusals are values (<see cref="Result{T}"/>), faults of the disk are exceptions of Storage.
/// Cancellation counts until a command is sequenced; from then on the write ends, whoever waits.
/// </summary>
public sealed partial class MessageBroker : IAsyncDisposable
{
    private readonly QueueHost _host;
    private readonly LocalCatalog _catalog;
    private readonly Retention _retention;
    private readonly TopicHost _topicHost;
    private readonly TopicRetention _topicRetention;
    private readonly TopicCompaction _compaction;
    private readonly SigningKey _signingKey;
    private readonly MoveLoop _moves;
    private readonly BrokerLoops _loops;
    private readonly ILogger _logger;
    private readonly Lock _stopLock = new();
    private readonly ICatalogTruth? _truth;
    private readonly CatalogWriter? _catalogWriter;
    private Task? _stopped;

    private MessageBroker(
        QueueHost host, TopicHost topicHost, GroupDirectory groups, LocalCatalog catalog, BrokerOptions options, ILogger logger, Action<Exception> fatal)
    {
        _host = host;
        _catalog = catalog;
        _logger = logger;
        var journal = new CatalogJournal(host, catalog);
        var topicJournal = new TopicJournal(host, catalog);
        var copyJournal = new CopyJournal(host.Engine, catalog.Copies, topicHost.Topics);
        var subscriptionJournal = new SubscriptionJournal(host, catalog, copyJournal);
        var mirror = new CatalogMirror(
            catalog, journal, new QueueMirror(host, catalog, journal), new TopicMirror(topicHost, catalog, topicJournal), new SubscriptionMirror(catalog, subscriptionJournal, host.Keys));
        _truth = options.Truth;
        if (_truth is not null)
        {
            var attachment = new CatalogAttachment(host, mirror, _truth, options.CatalogChoice, logger);
            _catalogWriter = new CatalogWriter(host, topicHost.Topics, catalog, mirror, attachment, _truth, logger);
        }

        _retention = new Retention(host);
        _topicHost = topicHost;
        _topicRetention = new TopicRetention(topicHost);
        _compaction = new TopicCompaction(topicHost);
        Queues = new QueueBroker(host, catalog, journal, _catalogWriter);
        Topics = new TopicBroker(topicHost, catalog, topicJournal, _catalogWriter);
        _signingKey = new SigningKey(host, catalog);
        var signer = new TopicSigner(_signingKey, options.Envelopes);
        host.View = new NotificationView(topicHost.Topics, catalog.Subscriptions.Subscriptions, host.Keys, signer, options.Envelopes).TryShow;
        Deliveries = new DeliveryBroker(topicHost, catalog.Subscriptions.Subscriptions, signer, options.Envelopes);
        Deliveries.Begin();
        Subscriptions = new SubscriptionBroker(topicHost, catalog, subscriptionJournal, _signingKey, _catalogWriter);
        Documents = new DocumentBroker(new ChangeDocuments(host, catalog));
        Farewells = new FarewellBroker(topicHost, Subscriptions, Documents, signer, options.Envelopes);
        AccessKeys = new AccessKeyBroker(host, catalog);
        Operations = new OperationBroker(host, catalog.Operations);
        var groupHost = new GroupHost(topicHost, groups);
        Transactions = new TransactionBroker(topicHost, groupHost, catalog, copyJournal);
        Groups = new GroupBroker(groupHost, topicHost);
        Definitions = new DefinitionBroker(
            new GetDefinitions(topicHost, catalog),
            new ApplyDefinitions(host, catalog, journal, topicJournal, subscriptionJournal, _catalogWriter),
            new Reset(host, catalog, mirror, _catalogWriter),
            Groups);
        SubscriptionDirectory subscriptions = catalog.Subscriptions.Subscriptions;
        _moves = new MoveLoop(
            host, catalog.Operations, new CopyRunner(topicHost, copyJournal, subscriptionJournal, subscriptions, logger), new DrainRunner(topicHost, subscriptionJournal, subscriptions, logger));
        _loops = new BrokerLoops(host.Time, TickAsync, _moves, _compaction, fatal);
        if (options.Engine.RunThreads) _loops.Start();
    }

    /// <summary>Queues, with all that can be done on them and their messages.</summary>
    public QueueBroker Queues { get; }

    /// <summary>Topics, with all that can be done on them.</summary>
    public TopicBroker Topics { get; }

    /// <summary>Subscriptions of topics.</summary>
    public SubscriptionBroker Subscriptions { get; }

    /// <summary>What fronts keep for themselves.</summary>
    public DocumentBroker Documents { get; }

    /// <summary>Subscriptions that their receivers end.</summary>
    public FarewellBroker Farewells { get; }

    /// <summary>What is to be pushed to subscriptions.</summary>
    public DeliveryBroker Deliveries { get; }

    /// <summary>Definitions of queues, topics and subscriptions, many at once.</summary>
    public DefinitionBroker Definitions { get; }

    /// <summary>Redrives, and other operations that go on for long.</summary>
    public OperationBroker Operations { get; }

    /// <summary>Access keys.</summary>
    public AccessKeyBroker AccessKeys { get; }

    /// <summary>Producers and their transactions.</summary>
    public TransactionBroker Transactions { get; }

    /// <summary>Consumer groups.</summary>
    public GroupBroker Groups { get; }

    /// <summary>Sends are refused with <see cref="ErrorCode.DiskFull"/>: the disk is nearly full.</summary>
    public bool SendsRefused => _host.Engine.SendsRefused;

    /// <summary>Blocks of messages that are damaged on the disk: receives name their messages as damaged, and everything else is served.</summary>
    public int DamagedBlocks => _host.Engine.QuarantinedBlocks;

    /// <summary>Whether definitions can change.</summary>
    public CatalogStatus CatalogStatus => _catalogWriter?.Absence switch
    {
        null => CatalogStatus.Available,
        { IsConflict: true } => CatalogStatus.Conflicting,
        _ => CatalogStatus.Unreachable,
    };

    /// <summary>What notifications are signed with, for who serves its certificate; null as long as nobody has needed it.</summary>
    public EnvelopeSigner? NotificationSigner => _signingKey.Signer;

    internal LogEngine Engine => _host.Engine;

    internal TopicHost TopicHost => _topicHost;

    internal CatalogWriter? CatalogWriter => _catalogWriter;

    internal BrokerClock Clock => _host.Clock;

    /// <summary>The catalog's version: it grows with every change of any definition. Belongs to the sequencer.</summary>
    internal long CatalogVersion => _catalog.Version;

    internal QueueDirectory QueueDirectory => _host.Queues;

    internal MessageKeys Keys => _host.Keys;

    internal ProducerRegistry Producers => _catalog.Producers;

    internal CopyTable Copies => _catalog.Copies;

    internal SubscriptionDirectory SubscriptionDirectory => _catalog.Subscriptions.Subscriptions;

    internal OperationTable OperationTable => _catalog.Operations.Operations;

    /// <summary>
    /// Recovers what the folder holds and is ready when it returns. <paramref name="fatal"/> is told of a fault of the journal or of the heartbeat, and must end the process.
    /// </summary>
    /// <exception cref="StorageFaultException">The folder is in use, damaged, of another format, or can't be read or written.</exception>
    public static MessageBroker Open(IDisk disk, BrokerOptions options, TimeProvider time, ILoggerFactory loggers, Action<Exception> fatal)
    {
        ILogger logger = loggers.CreateLogger<MessageBroker>();
        var queues = new QueueDirectory();
        var topics = new TopicDirectory();
        var groups = new GroupDirectory(topics);
        var catalog = new LocalCatalog(queues, topics);
        var machine = new BrokerStateMachine(catalog, queues, topics, groups);
        LogEngine engine = LogEngine.Open(disk, options.Engine, machine, loggers.CreateLogger<LogEngine>(), fatal);
        catalog.CheckWhole();
        if (!catalog.HasKeys) MintKeys(engine, catalog, options.Engine.FillRandom);
        var clock = new BrokerClock(time, machine.FloorMs());
        machine.Clock = clock;
        groups.Begin(clock.NowMs());
        var wakes = new Wakes(time, clock, engine);
        var host = new QueueHost(engine, queues, catalog.NewKeys(), clock, wakes, time);
        LogOpened(logger, queues.Count);
        return new MessageBroker(host, new TopicHost(host, topics), groups, catalog, options, logger, fatal);
    }

    /// <summary>
    /// Once after <see cref="Open"/>, where definitions have their truth beside the log: claims it and lets the mirror catch up. Where it can't be
    /// reached, this returns all the same: what exists is served, and it is looked for again.
    /// </summary>
    /// <exception cref="CatalogRefusedException">It contradicts the data folder, and <see cref="BrokerOptions.CatalogChoice"/> says nothing.</exception>
    public async Task ConnectCatalogAsync(CancellationToken cancellationToken)
    {
        if (_catalogWriter is null) return;
        await _catalogWriter.BeginAsync(cancellationToken);
        _loops.Keep(_catalogWriter);
    }

    /// <summary>From here on new calls are refused with <see cref="ErrorCode.Stopping"/>; receives that wait answer empty at once. Calls under way end as they would.</summary>
    public void BeginStop()
    {
        if (_host.IsStopping) return;
        _host.IsStopping = true;
        _host.Engine.StopAdmitting();
        _topicHost.BeginStop();
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
    internal async ValueTask TickAsync()
    {
        await _retention.BeatAsync();
        await _topicRetention.BeatAsync();
        await Transactions.BeatAsync();
        await Groups.BeatAsync();
        // A mirror may have got what wants it.
        if (_catalog.Subscriptions.HasEnveloped) await _signingKey.EnsureAsync();
    }

    /// <summary>One turn of what moves messages between queues, by hand: the simulation's.</summary>
    internal ValueTask MoveAsync()
    {
        _moves.Beat();
        return _moves.TurnAsync();
    }

    /// <summary>
    /// One turn of compaction, by hand: the simulation's. It reads about so many bytes at most; <paramref name="force"/> looks at all partitions, and compacts also where little is new.
    /// </summary>
    internal ValueTask CompactAsync(long bytes = long.MaxValue, bool force = false) => _compaction.TurnAsync(bytes, force);

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
        byte[] entry = CatalogEntries.Keys(idKey, receiptKey);
        using Command command = engine.BeginCommand(Command.StateBytes(entry.Length));
        command.AppendState(engine.System, entry);
        catalog.ApplyKeys(idKey, receiptKey);
        _ = command.Commit().AsTask();
    }

    private async Task StopAsync()
    {
        BeginStop();
        await _loops.DisposeAsync();
        await _host.Calls.DrainAsync();
        // Not before: a receive signs what it shows.
        _signingKey.Dispose();
        await _host.Wakes.DisposeAsync();
        await _host.Engine.DisposeAsync();
        if (_truth is not null) await _truth.DisposeAsync();
        _host.Keys.Dispose();
        _topicHost.Dispose();
        LogStopped(_logger);
    }
}
