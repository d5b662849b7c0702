using System.Text;
using Messaging.Broker;
using Messaging.Broker.Deliveries;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Subscriptions.Delivery;
using Messaging.Broker.Topics;
using Messaging.Push.Mail;
using Messaging.Storage;
using Messaging.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Messaging.Push.Tests.Delivery;

/// <summary>A broker over a simulated disk with a push loop over real sockets, and the calls of a test in few words. The topic is "t".</summary>
internal sealed class PushHarness : IAsyncDisposable
{
    private readonly PushOptions _options;
    private readonly MailOptions? _mail;
    private readonly TimeProvider _time;
    private readonly SimDisk _disk = new(seed: 1);
    private MortalDisk _view = null!;
    private Exception? _fatal;

    private PushHarness(PushOptions options, MailOptions? mail, TimeProvider time) => (_options, _mail, _time) = (options, mail, time);

    public MessageBroker Broker { get; private set; } = null!;

    public RecordedLog Log { get; } = new();

    public PushLoop Loop { get; private set; } = null!;

    public static async Task<PushHarness> StartAsync(PushOptions? options = null, MailOptions? mail = null, TimeProvider? time = null, TopicDefinition? topic = null)
    {
        var harness = new PushHarness(options ?? new PushOptions { AllowPrivateNetworks = true, AttemptTimeout = TimeSpan.FromSeconds(2) }, mail, time ?? TimeProvider.System);
        harness.Open();
        Assert.True((await harness.Broker.Topics.PutAsync(Topic, topic ?? new TopicDefinition { Partitions = 1 }, default, default)).IsOk);
        return harness;
    }

    public static TopicKey Topic
    {
        get
        {
            Assert.True(TopicName.TryParse("t", out TopicName name));
            return new TopicKey(AccountId.Default, NamespaceName.Default, name);
        }
    }

    public static QueueName QueueName(string text)
    {
        Assert.True(Messaging.Broker.Names.QueueName.TryParse(text, out QueueName name));
        return name;
    }

    public static SubscriptionKey Key(string name)
    {
        Assert.True(SubscriptionName.TryParse(name, out SubscriptionName parsed));
        return new SubscriptionKey(Topic, parsed);
    }

    public async Task<QueueKey> CreateQueueAsync(string name)
    {
        var key = new QueueKey(AccountId.Default, NamespaceName.Default, QueueName(name));
        Assert.True((await Broker.Queues.PutAsync(key, new QueueDefinition(), default)).IsOk);
        return key;
    }

    public async Task<SubscriptionDescription> SubscribeAsync(string name, SubscriptionDefinition definition)
    {
        Result<PutSubscriptionResult> put = await Broker.Subscriptions.PutAsync(Key(name), definition, default, default);
        Assert.True(put.IsOk, put.Error?.Detail);
        return put.Value.Subscription;
    }

    public async Task PublishAsync(params string[] bodies)
    {
        foreach (string[] some in bodies.Chunk(BrokerLimits.CallEntriesMax)) await PublishAsync([.. some.Select(body => Record(body))]);
    }

    public async Task PublishAsync(params OutgoingRecord[] records)
    {
        Result<PublishOutcome[]> published = await Broker.Topics.PublishAsync(Topic, records, null, default);
        Assert.True(published.IsOk, published.Error?.Detail);
        Assert.All(published.Value, outcome => Assert.Null(outcome.Error));
    }

    public static OutgoingRecord Record(string body, string? key = null) =>
        new() { Value = Encoding.UTF8.GetBytes(body), Key = key is null ? (ReadOnlyMemory<byte>?)null : Encoding.UTF8.GetBytes(key) };

    public async Task<DeliveryReport> ReportAsync(string name) => (await Broker.Deliveries.ReportAsync(Key(name), default)).Value;

    /// <summary>Waits for what the report shall say.</summary>
    public async Task<DeliveryReport> UntilAsync(string name, Predicate<DeliveryReport> holds)
    {
        for (int i = 0; i < 1_000; i++)
        {
            DeliveryReport report = await ReportAsync(name);
            if (holds(report)) return report;
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, default);
        }

        Assert.Fail($"It is still {await ReportAsync(name)}.");
        return null!;
    }

    /// <summary>Bodies and attributes, copied.</summary>
    public async Task<(string Body, Dictionary<string, string> Attributes)[]> ReceiveAsync(QueueKey queue)
    {
        Result<ReceivedMessages> received = await Broker.Queues.ReceiveAsync(queue, new ReceiveRequest(10, 0, null), default);
        Assert.True(received.IsOk, received.Error?.Detail);
        using ReceivedMessages messages = received.Value;
        var copies = new (string, Dictionary<string, string>)[messages.Count];
        for (int i = 0; i < copies.Length; i++)
            copies[i] = (Encoding.UTF8.GetString(messages[i].Body.Span), messages[i].Attributes.ToDictionary(one => one.Name, one => Encoding.UTF8.GetString(one.Value.Span)));
        return copies;
    }

    /// <summary>What stands in these bytes of the journal's files can't be read from now on.</summary>
    public void FailJournalReads(long from, long to)
    {
        foreach (string name in _disk.List("journal")) _disk.FailReads("journal/" + name, from, to);
    }

    /// <summary>Stops cleanly and starts again: from a snapshot.</summary>
    public async Task RestartAsync()
    {
        await Loop.DisposeAsync();
        await Broker.DisposeAsync();
        Open();
    }

    /// <summary>Dies and starts again: from the journal.</summary>
    public async Task KillAsync()
    {
        Broker.Abandon();
        _view.Die();
        await Loop.DisposeAsync();
        _disk.Kill();
        Open();
    }

    public async ValueTask DisposeAsync()
    {
        await Loop.DisposeAsync();
        await Broker.DisposeAsync();
        Assert.Null(_fatal);
    }

    private void Open()
    {
        var view = new MortalDisk(_disk);
        _view = view;
        void Fatal(Exception fault)
        {
            if (ReferenceEquals(_view, view) && !view.IsDead) _fatal = fault;
        }

        var engine = new LogEngineOptions { JournalSlotBytes = 20 << 20, JournalSlots = 6, BallastBytes = 4_096, DiskReserveBytes = 4_096 };
        Broker = MessageBroker.Open(view, new BrokerOptions { Engine = engine }, _time, NullLoggerFactory.Instance, Fatal);
        Loop = new PushLoop(Broker, _options, _mail, _time, Log, Fatal);
    }
}
