using System.Text;
using Messaging.Broker;
using Messaging.Broker.Catalog;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Storage;
using Messaging.TestKit;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Messaging.Catalog.Tests;

/// <summary>A broker over a simulated disk, whose catalog is its own log or a Postgres, with the calls of a test in few words.</summary>
internal sealed class CatalogHarness : IAsyncDisposable
{
    private readonly Func<ICatalogTruth?> _connect;
    private readonly ILoggerFactory _loggers;
    private readonly TimeProvider _time;
    private Exception? _fatal;
    private MortalDisk _view = null!;
    private ICatalogTruth? _truth;

    private CatalogHarness(Func<ICatalogTruth?> connect, SimDisk disk, TimeProvider time, ILoggerFactory loggers) =>
        (_connect, Disk, _time, _loggers) = (connect, disk, time, loggers);

    public MessageBroker Broker { get; private set; } = null!;

    public SimDisk Disk { get; }

    /// <summary>Null is the embedded catalog.</summary>
    public static async Task<CatalogHarness> StartAsync(
        string? connection, SimDisk? disk = null, TimeProvider? time = null, CatalogChoice choice = CatalogChoice.None, ILoggerFactory? loggers = null)
    {
        (time, loggers) = (time ?? TimeProvider.System, loggers ?? NullLoggerFactory.Instance);
        var harness = new CatalogHarness(() => connection is null ? null : new PostgresCatalog(connection, time, loggers), disk ?? new SimDisk(seed: 1), time, loggers);
        await harness.OpenAsync(choice);
        return harness;
    }

    /// <summary>Over another truth, and a clock by hand.</summary>
    public static async Task<CatalogHarness> StartAsync(MemoryCatalog truth, ManualTimeProvider time, CatalogChoice choice = CatalogChoice.None)
    {
        var harness = new CatalogHarness(truth.Connect, new SimDisk(seed: 1), time, NullLoggerFactory.Instance);
        await harness.OpenAsync(choice);
        return harness;
    }

    public static QueueKey Key(string name, string space = "default")
    {
        Assert.True(QueueName.TryParse(name, out QueueName queue));
        Assert.True(NamespaceName.TryParse(space, out NamespaceName parsed));
        return new QueueKey(AccountId.Default, parsed, queue);
    }

    public async Task<QueueDescription> PutAsync(string name, QueueDefinition? definition = null)
    {
        Result<PutQueueResult> put = await Broker.Queues.PutAsync(Key(name), definition ?? new QueueDefinition(), default);
        Assert.True(put.IsOk, put.Error?.Detail);
        return put.Value.Queue;
    }

    /// <summary>Why it can't be put now; null when it was.</summary>
    public async Task<BrokerError?> TryPutAsync(string name) => (await Broker.Queues.PutAsync(Key(name), new QueueDefinition(), default)).Error;

    public async Task DeleteAsync(string name)
    {
        Result<bool> deleted = await Broker.Queues.DeleteAsync(Key(name), default);
        Assert.True(deleted.IsOk, deleted.Error?.Detail);
    }

    /// <summary>Null where there is none.</summary>
    public async Task<QueueDescription?> GetAsync(string name)
    {
        Result<QueueDescription> got = await Broker.Queues.GetAsync(Key(name), default);
        return got.IsOk ? got.Value : null;
    }

    public async Task<string[]> NamesAsync(int pageSize = 100)
    {
        var names = new List<string>();
        string? token = null;
        do
        {
            QueuePage page = (await Broker.Queues.ListAsync(AccountId.Default, NamespaceName.Default, null, pageSize, token, default)).Value;
            names.AddRange(page.Queues.Select(queue => queue.Key.Name.Value));
            token = page.NextPageToken;
        }
        while (token is not null);
        return [.. names];
    }

    public async Task SendAsync(string name, string body)
    {
        Result<SendOutcome[]> sent = await Broker.Queues.SendAsync(Key(name), new[] { new OutgoingMessage { Body = Encoding.UTF8.GetBytes(body) } }, default);
        Assert.True(sent.IsOk, sent.Error?.Detail);
        Assert.Null(Assert.Single(sent.Value).Error);
    }

    public async Task<string[]> ReceiveAsync(string name)
    {
        Result<ReceivedMessages> received = await Broker.Queues.ReceiveAsync(Key(name), new ReceiveRequest(10, 0, 0), default);
        Assert.True(received.IsOk, received.Error?.Detail);
        using ReceivedMessages messages = received.Value;
        string[] bodies = new string[messages.Count];
        for (int i = 0; i < bodies.Length; i++) bodies[i] = Encoding.UTF8.GetString(messages[i].Body.Span);
        return bodies;
    }

    /// <summary>Waits until definitions can change, or can't; a test that waits in vain hangs up by itself.</summary>
    public async Task WaitForAsync(CatalogStatus status)
    {
        using var source = new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System);
        while (Broker.CatalogStatus != status) await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, source.Token);
    }

    /// <summary>Stops cleanly and starts again.</summary>
    public async Task RestartAsync(CatalogChoice choice = CatalogChoice.None)
    {
        await Broker.DisposeAsync();
        await OpenAsync(choice);
    }

    /// <summary>Dies; the disk is as a killed process leaves it.</summary>
    public async Task KillAsync()
    {
        Broker.Abandon();
        _view.Die();
        Disk.Kill();
        if (_truth is not null) await _truth.DisposeAsync();
    }

    public Task StartAgainAsync() => OpenAsync(CatalogChoice.None);

    public async Task KillAndStartAsync()
    {
        await KillAsync();
        await StartAgainAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_view.IsDead) await Broker.DisposeAsync();
        Assert.Null(_fatal);
    }

    private async Task OpenAsync(CatalogChoice choice)
    {
        var view = new MortalDisk(Disk);
        _view = view;
        // What a killed engine's threads find is nobody's fault.
        void Fatal(Exception fault)
        {
            if (ReferenceEquals(_view, view) && !view.IsDead) _fatal = fault;
        }

        _truth = _connect();
        var options = new BrokerOptions
        {
            Engine = new LogEngineOptions { JournalSlotBytes = 4 << 20, JournalSlots = 6, BallastBytes = 4_096, DiskReserveBytes = 4_096 }, Truth = _truth, CatalogChoice = choice,
        };
        Broker = MessageBroker.Open(view, options, _time, _loggers, Fatal);
        try
        {
            await Broker.ConnectCatalogAsync(default);
        }
        catch
        {
            await Broker.DisposeAsync();
            throw;
        }
    }
}
