using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Storage;
using Messaging.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Messaging.Broker.Tests.Golden;

/// <summary>A broker without threads over a simulated disk and a clock that stands still: every call is synced when it returns.</summary>
internal sealed class SampleBroker : IDisposable
{
    private readonly MessageBroker _broker;

    public SampleBroker(SimDisk disk, DateTimeOffset now)
    {
        var random = new Random(11);
        var engine = new LogEngineOptions
        {
            JournalSlotBytes = 72 << 10,
            JournalSlots = 6,
            DiskReserveBytes = 4_096,
            BallastBytes = 4_096,
            RunThreads = false,
            FillRandom = bytes => random.NextBytes(bytes.Span),
        };
        Time = new ManualTimeProvider(now);
        _broker = MessageBroker.Open(disk, new BrokerOptions { Engine = engine }, Time, NullLoggerFactory.Instance, static fault => throw fault);
        _broker.Engine.CommitAll();
        _broker.Engine.MaintainOnce();
    }

    public ManualTimeProvider Time { get; }

    public LogEngine Engine => _broker.Engine;

    public long NowMs => _broker.Clock.NowMs();

    public void Put(QueueKey key, QueueDefinition definition) => Assert.True(Synced(_broker.PutQueueAsync(key, definition, default)).IsOk);

    public void Delete(QueueKey key) => Assert.True(Synced(_broker.DeleteQueueAsync(key, default)).IsOk);

    public void Send(QueueKey key, params OutgoingMessage[] messages) =>
        Assert.All(Synced(_broker.SendAsync(key, messages, default)).Value, outcome => Assert.Null(outcome.Error));

    /// <summary>The receipts, as a client keeps them.</summary>
    public string[] Receive(QueueKey key, int max, int? leaseSeconds)
    {
        using ReceivedMessages messages = Synced(_broker.ReceiveAsync(key, new ReceiveRequest(max, 0, leaseSeconds), default)).Value;
        return [.. Enumerable.Range(0, messages.Count).Select(i => messages[i].Receipt.ToString())];
    }

    public ErrorCode? Acknowledge(QueueKey key, string receipt)
    {
        Result<BrokerError?[]> answer = Synced(_broker.AcknowledgeAsync(key, new[] { Parse(receipt) }, default));
        return answer.IsOk ? Assert.Single(answer.Value)?.Code : answer.Error.Code;
    }

    public void Release(QueueKey key, string receipt, int delaySeconds) =>
        Assert.Null(Assert.Single(Synced(_broker.ReleaseAsync(key, new[] { new ReleaseEntry(Parse(receipt), delaySeconds) }, default)).Value));

    public void Extend(QueueKey key, string receipt, int leaseSeconds) =>
        Assert.Null(Assert.Single(Synced(_broker.ExtendAsync(key, new[] { new ExtendEntry(Parse(receipt), leaseSeconds) }, default)).Value));

    public IReadOnlyList<QueueDescription> List(NamespaceName space) =>
        Synced(_broker.ListQueuesAsync(AccountId.Default, space, null, 1_000, null, default)).Value.Queues;

    public LiveQueue Queue(QueueKey key)
    {
        Assert.True(_broker.Queues.TryGet(key, out LiveQueue? queue));
        return queue;
    }

    public MessageId IdOf(LiveQueue queue, long offset)
    {
        var ids = new MessageId[1];
        _broker.Keys.Identify(queue.Stream.Id, [offset], ids);
        return ids[0];
    }

    public void Stop()
    {
        Task stopped = _broker.DisposeAsync().AsTask();
        Assert.True(stopped.Wait(TimeSpan.FromSeconds(30)));
    }

    /// <summary>As a killed process ends.</summary>
    public void Dispose()
    {
        _broker.Engine.Kill();
        _broker.Abandon();
    }

    private static Receipt Parse(string text)
    {
        Assert.True(Receipt.TryParse(text, out Receipt receipt));
        return receipt;
    }

    private T Synced<T>(ValueTask<T> call)
    {
        Task<T> task = call.AsTask();
        for (int turn = 0; !task.IsCompleted; turn++)
        {
            Assert.True(turn < 1_000, "The call ends.");
            _broker.Engine.CommitAll();
            task.Wait(TimeSpan.FromMilliseconds(10));
        }

        return task.GetAwaiter().GetResult();
    }
}
