using Messaging.Broker.Access;
using Messaging.Broker.Messages;
using Messaging.Broker.Moves;
using Messaging.Broker.Names;
using Messaging.Broker.Operations;
using Messaging.Broker.Queues;
using Messaging.Broker.Tests.Queues;
using Messaging.Storage;
using Messaging.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Messaging.Broker.Tests.Golden;

/// <summary>A broker without threads over a simulated disk and a clock that stands still: every call is synced when it returns.</summary>
internal sealed class SampleBroker : IDisposable
{
    public const int JournalSlotBytes = 72 << 10;

    private readonly MessageBroker _broker;

    /// <summary>The size of a journal file counts where the folder is new.</summary>
    public SampleBroker(SimDisk disk, DateTimeOffset now, int journalSlotBytes = JournalSlotBytes)
    {
        var random = new Random(11);
        var engine = new LogEngineOptions
        {
            JournalSlotBytes = journalSlotBytes,
            JournalSlots = 24,
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

    public MessageBroker Broker => _broker;

    public LogEngine Engine => _broker.Engine;

    public long NowMs => _broker.Clock.NowMs();

    public void Put(QueueKey key, QueueDefinition definition) => Assert.True(Synced(_broker.Queues.PutAsync(key, definition, default)).IsOk);

    public void Delete(QueueKey key, bool evenIfInUse = false) => Assert.True(Synced(_broker.Queues.DeleteAsync(key, default, evenIfInUse, default)).IsOk);

    public void PutKey(AccessKey key) => Assert.True(Synced(_broker.AccessKeys.PutAsync(key, default)).IsOk);

    public void DeleteKey(string id) => Assert.True(Synced(_broker.AccessKeys.DeleteAsync(id, default)).IsOk);

    public IReadOnlyList<AccessKey> AccessKeys() => _broker.AccessKeys.List();

    public void Send(QueueKey key, params OutgoingMessage[] messages) =>
        Assert.All(Synced(_broker.Queues.SendAsync(key, messages, default)).Value, outcome => Assert.Null(outcome.Error));

    /// <summary>What a send under an idempotency key is answered: ids, with "again" for a duplicate.</summary>
    public string SendAs(string name, QueueKey key, params OutgoingMessage[] messages)
    {
        SendOutcome[] outcomes = Synced(_broker.Queues.SendAsync(key, messages, IdempotencyTests.Request(name, name), default)).Value;
        return string.Join(", ", outcomes.Select(outcome => $"{outcome.Id}{(outcome.IsDuplicate ? " again" : "")}"));
    }

    public MessageId SendOne(QueueKey key, OutgoingMessage message) => Assert.Single(Synced(_broker.Queues.SendAsync(key, new[] { message }, default)).Value).Id;

    public void Cancel(QueueKey key, MessageId id) => Assert.True(Synced(_broker.Queues.CancelAsync(key, id, default)).IsOk);

    public void Purge(QueueKey key) => Assert.True(Synced(_broker.Queues.PurgeAsync(key, default)).IsOk);

    public void Reject(QueueKey key, string receipt, string? reason) =>
        Assert.Null(Assert.Single(Synced(_broker.Queues.RejectAsync(key, new[] { new RejectEntry(Parse(receipt), reason) }, default)).Value));

    public LongOperation RedriveAs(string name, QueueKey key, RedriveRequest request) =>
        Synced(_broker.Operations.RedriveAsync(key, request, IdempotencyTests.Request(name, name), default)).Value;

    public void Cancel(LongOperation operation) =>
        Assert.True(Synced(_broker.Operations.CancelAsync(operation.Queue.Account, operation.Queue.Namespace, operation.Id, default)).IsOk);

    public IReadOnlyList<LongOperation> Operations(NamespaceName space) =>
        Synced(_broker.Operations.ListAsync(AccountId.Default, space, 100, null, default)).Value.Operations;

    /// <summary>What moves between queues in a second.</summary>
    public void Move() => Synced(MovedAsync());

    /// <summary>The receipts, as a client keeps them.</summary>
    public string[] Receive(QueueKey key, int max, int? leaseSeconds, string? attempt = null)
    {
        using ReceivedMessages messages = Synced(_broker.Queues.ReceiveAsync(key, new ReceiveRequest(max, 0, leaseSeconds) { AttemptId = attempt }, default)).Value;
        return [.. Enumerable.Range(0, messages.Count).Select(i => messages[i].Receipt.ToString())];
    }

    public ErrorCode? Acknowledge(QueueKey key, string receipt)
    {
        Result<BrokerError?[]> answer = Synced(_broker.Queues.AcknowledgeAsync(key, new[] { Parse(receipt) }, default));
        return answer.IsOk ? Assert.Single(answer.Value)?.Code : answer.Error.Code;
    }

    public void Release(QueueKey key, string receipt, int delaySeconds, bool isUnhandled = false) =>
        Assert.Null(Assert.Single(Synced(_broker.Queues.ReleaseAsync(key, new[] { new ReleaseEntry(Parse(receipt), delaySeconds) { IsUnhandled = isUnhandled } }, default)).Value));

    public void Extend(QueueKey key, string receipt, int leaseSeconds) =>
        Assert.Null(Assert.Single(Synced(_broker.Queues.ExtendAsync(key, new[] { new ExtendEntry(Parse(receipt), leaseSeconds) }, default)).Value));

    public IReadOnlyList<QueueDescription> List(NamespaceName space) =>
        Synced(_broker.Queues.ListAsync(AccountId.Default, space, null, 1_000, null, default)).Value.Queues;

    public LiveQueue Queue(QueueKey key)
    {
        Assert.True(_broker.QueueDirectory.TryGet(key, out LiveQueue? queue));
        return queue;
    }

    public MessageId IdOf(LiveQueue queue, long offset)
    {
        var ids = new MessageId[1];
        _broker.Keys.Identify(queue.Stream.Id, [offset], ids);
        return ids[0];
    }

    /// <summary>What the call is answered, with all that it appends synced.</summary>
    public T Synced<T>(ValueTask<T> call)
    {
        Task<T> task = call.AsTask();
        for (int turn = 0; !task.IsCompleted; turn++)
        {
            Assert.True(turn < 1_000, "The call ends.");
            _broker.Engine.CommitAll();
            // The next slots of the ring, when a call waits for one.
            if (turn > 5) _broker.Engine.MaintainOnce();
            task.Wait(TimeSpan.FromMilliseconds(10));
        }

        return task.GetAwaiter().GetResult();
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

    private async ValueTask<bool> MovedAsync()
    {
        await _broker.MoveAsync();
        return true;
    }
}
