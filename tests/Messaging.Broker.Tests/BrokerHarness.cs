using System.Text;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Storage;
using Messaging.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Messaging.Broker.Tests;

/// <summary>A broker over a simulated disk and a manual clock, with the calls of a test in few words.</summary>
internal sealed class BrokerHarness : IAsyncDisposable
{
    private Exception? _fatal;
    private MortalDisk _view = null!;

    private readonly LogEngineOptions _engine;

    private BrokerHarness(LogEngineOptions engine) => _engine = engine;

    public MessageBroker Broker { get; private set; } = null!;

    public SimDisk Disk { get; } = new(seed: 1);

    public ManualTimeProvider Time { get; } = new();

    public long NowMs => Broker.Clock.NowMs();

    public static BrokerHarness Start(LogEngineOptions? engine = null)
    {
        var harness = new BrokerHarness(engine ?? SmallEngine());
        harness.Open();
        return harness;
    }

    /// <summary>Small files, so that a test starts in no time.</summary>
    public static LogEngineOptions SmallEngine() => new() { JournalSlotBytes = 20 << 20, JournalSlots = 6, BallastBytes = 4_096, DiskReserveBytes = 4_096 };

    public static QueueKey Key(string name, string space = "default")
    {
        Assert.True(QueueName.TryParse(name, out QueueName queue));
        Assert.True(NamespaceName.TryParse(space, out NamespaceName parsed));
        return new QueueKey(AccountId.Default, parsed, queue);
    }

    public static string Text(ReceivedMessage message) => Encoding.UTF8.GetString(message.Body.Span);

    public async Task<QueueKey> Create(string name = "q", QueueDefinition? definition = null)
    {
        QueueKey key = Key(name);
        Result<PutQueueResult> put = await Broker.Queues.PutAsync(key, definition ?? new QueueDefinition(), default);
        Assert.True(put.IsOk, put.Error?.Detail);
        return key;
    }

    public async Task<MessageId[]> Send(QueueKey key, params string[] bodies) => await SendDelayed(key, OutgoingMessage.QueueDelay, bodies);

    public async Task<MessageId[]> SendDelayed(QueueKey key, long delayMs, params string[] bodies)
    {
        OutgoingMessage[] messages = [.. bodies.Select(body => new OutgoingMessage { Body = Encoding.UTF8.GetBytes(body), DelayMilliseconds = delayMs })];
        Result<SendOutcome[]> sent = await Broker.Queues.SendAsync(key, messages, default);
        Assert.True(sent.IsOk, sent.Error?.Detail);
        Assert.All(sent.Value, outcome => Assert.Null(outcome.Error));
        return [.. sent.Value.Select(outcome => outcome.Id)];
    }

    public Task<Delivered[]> Receive(QueueKey key, int max = 10, int? wait = 0, int? lease = null) =>
        Receive(key, max, wait, lease, CancellationToken.None);

    public async Task<Delivered[]> Receive(QueueKey key, int max, int? wait, int? lease, CancellationToken cancellationToken)
    {
        Result<ReceivedMessages> received = await Broker.Queues.ReceiveAsync(key, new ReceiveRequest(max, wait, lease), cancellationToken);
        Assert.True(received.IsOk, received.Error?.Detail);
        return Copy(received.Value);
    }

    /// <summary>The messages, copied; the answer is disposed.</summary>
    public static Delivered[] Copy(ReceivedMessages answer)
    {
        using ReceivedMessages messages = answer;
        var delivered = new Delivered[messages.Count];
        for (int i = 0; i < messages.Count; i++)
        {
            ReceivedMessage message = messages[i];
            delivered[i] = new Delivered(message.Id, Text(message), message.Receipt, message.ReceiveCount, message.SentAtMs, message.FirstReceivedAtMs, message.LeasedUntilMs, message.Origin);
        }

        return delivered;
    }

    public async Task<ErrorCode?> Acknowledge(QueueKey key, Receipt receipt, bool onlyWhileLeased = false)
    {
        Result<BrokerError?[]> done = await Broker.Queues.AcknowledgeAsync(key, new[] { receipt }, onlyWhileLeased, default);
        return done.IsOk ? Assert.Single(done.Value)?.Code : done.Error.Code;
    }

    public async Task<ErrorCode?> Extend(QueueKey key, Receipt receipt, int seconds)
    {
        Result<BrokerError?[]> done = await Broker.Queues.ExtendAsync(key, new[] { new ExtendEntry(receipt, seconds) }, default);
        return done.IsOk ? Assert.Single(done.Value)?.Code : done.Error.Code;
    }

    public async Task<ErrorCode?> Release(QueueKey key, Receipt receipt, int? seconds = 0, bool isUnhandled = false)
    {
        Result<BrokerError?[]> done = await Broker.Queues.ReleaseAsync(key, new[] { new ReleaseEntry(receipt, seconds) { IsUnhandled = isUnhandled } }, default);
        return done.IsOk ? Assert.Single(done.Value)?.Code : done.Error.Code;
    }

    public async Task<QueueCounts> Counts(QueueKey key)
    {
        Result<QueueDescription> got = await Broker.Queues.GetAsync(key, default);
        Assert.True(got.IsOk, got.Error?.Detail);
        return got.Value.Counts;
    }

    public void Advance(double seconds) => Time.Advance(TimeSpan.FromSeconds(seconds));

    /// <summary>No space is left, and the broker has seen it. Whoever calls it makes space again before the end.</summary>
    public async Task FillDisk()
    {
        // A ring without its spare slots (here 2) makes all callers wait, and a new folder gets them in the background.
        for (int i = 0; i < 200 && Disk.List("journal").Count < 3; i++) await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, default);
        Disk.CapacityBytes = 1;
        for (int i = 0; i < 200 && !Broker.SendsRefused; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, default);
            Advance(1);
        }

        Assert.True(Broker.SendsRefused);
    }

    /// <summary>Stops cleanly and starts again: from a snapshot.</summary>
    public async Task Restart()
    {
        await Broker.DisposeAsync();
        Open();
    }

    /// <summary>Dies and starts again: from the journal.</summary>
    public void Kill()
    {
        Broker.Abandon();
        _view.Die();
        Disk.Kill();
        Open();
    }

    public async ValueTask DisposeAsync()
    {
        await Broker.DisposeAsync();
        Assert.Null(_fatal);
    }

    private void Open()
    {
        var view = new MortalDisk(Disk);
        _view = view;
        // What a killed engine's threads find is nobody's fault.
        void Fatal(Exception fault)
        {
            if (ReferenceEquals(_view, view) && !view.IsDead) _fatal = fault;
        }

        Broker = MessageBroker.Open(view, new BrokerOptions { Engine = _engine }, Time, NullLoggerFactory.Instance, Fatal);
    }
}

/// <summary>A received message, copied.</summary>
internal sealed record Delivered(
    MessageId Id, string Body, Receipt Receipt, int ReceiveCount, long SentAtMs, long FirstReceivedAtMs, long LeasedUntilMs, MessageOrigin? Origin = null);
