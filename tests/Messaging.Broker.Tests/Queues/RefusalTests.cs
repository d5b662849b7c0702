using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Storage;
using Messaging.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Messaging.Broker.Tests.Queues;

/// <summary>A refusal may rest on a change that is not on the disk yet: then it waits for it, as every answer does.</summary>
public sealed class RefusalTests
{
    private readonly QueueKey _key = BrokerHarness.Key("q");
    private readonly MessageBroker _broker = MessageBroker.Open(
        new SimDisk(1),
        new BrokerOptions { Engine = new LogEngineOptions { JournalSlotBytes = 128 << 10, JournalSlots = 6, BallastBytes = 4_096, DiskReserveBytes = 4_096, RunThreads = false } },
        new ManualTimeProvider(),
        NullLoggerFactory.Instance,
        static fault => throw fault);

    // The first spare slots: nothing is admitted without.
    public RefusalTests() => _broker.Engine.MaintainOnce();

    [Theory]
    [InlineData("send")]
    [InlineData("receive")]
    [InlineData("acknowledge")]
    [InlineData("extend")]
    [InlineData("release")]
    public async Task That_a_queue_is_gone_is_told_when_its_deletion_is_synced(string call)
    {
        Receipt receipt = await ReceiveOne();
        Task deleted = _broker.Queues.DeleteAsync(_key, default).AsTask();
        Task<ErrorCode?> refused = Call(call, receipt);
        Assert.False(refused.IsCompleted);
        Commit();
        await deleted;
        Assert.Equal(ErrorCode.QueueNotFound, await refused);
    }

    [Theory]
    [InlineData("acknowledge")]
    [InlineData("extend")]
    [InlineData("release")]
    public async Task That_a_receipt_is_of_a_deleted_queue_is_told_when_the_new_one_is_synced(string call)
    {
        Receipt receipt = await ReceiveOne();
        Task deleted = _broker.Queues.DeleteAsync(_key, default).AsTask();
        Task created = _broker.Queues.PutAsync(_key, new QueueDefinition(), default).AsTask();
        Task<ErrorCode?> refused = Call(call, receipt);
        Assert.False(refused.IsCompleted);
        Commit();
        await Task.WhenAll(deleted, created);
        Assert.Equal(ErrorCode.ReceiptOfAnotherQueue, await refused);
    }

    [Fact]
    public async Task A_waiting_receive_is_told_that_its_queue_is_gone_when_that_is_synced()
    {
        await Synced(_broker.Queues.PutAsync(_key, new QueueDefinition(), default).AsTask());
        Task<Result<ReceivedMessages>> waiting = _broker.Queues.ReceiveAsync(_key, new ReceiveRequest(1, 20, null), default).AsTask();
        Task deleted = _broker.Queues.DeleteAsync(_key, default).AsTask();
        await Task.WhenAny(waiting, Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System));
        Assert.False(waiting.IsCompleted);
        Task both = Task.WhenAll(waiting, deleted);
        while (!both.IsCompleted)
        {
            Commit();
            await Task.Yield();
        }

        Assert.Equal(ErrorCode.QueueNotFound, (await waiting).Error?.Code);
    }

    [Fact]
    public async Task That_a_message_is_too_large_is_told_when_the_definition_is_synced()
    {
        await Synced(_broker.Queues.PutAsync(_key, new QueueDefinition(), default).AsTask());
        Task replaced = _broker.Queues.PutAsync(_key, new QueueDefinition { MaxMessageBytes = 1_024 }, default).AsTask();
        Task<Result<SendOutcome[]>> refused = _broker.Queues.SendAsync(_key, new[] { new OutgoingMessage { Body = new byte[1_025] } }, default).AsTask();
        Assert.False(refused.IsCompleted);
        Commit();
        await replaced;
        Assert.Equal(ErrorCode.MessageTooLarge, Assert.Single((await refused).Value).Error?.Code);
    }

    private async Task<Receipt> ReceiveOne()
    {
        await Synced(_broker.Queues.PutAsync(_key, new QueueDefinition(), default).AsTask());
        await Synced(_broker.Queues.SendAsync(_key, new[] { new OutgoingMessage { Body = "a"u8.ToArray() } }, default).AsTask());
        Task<Result<ReceivedMessages>> received = _broker.Queues.ReceiveAsync(_key, new ReceiveRequest(1, 0, null), default).AsTask();
        await Synced(received);
        using ReceivedMessages messages = (await received).Value;
        return messages[0].Receipt;
    }

    private async Task<ErrorCode?> Call(string call, Receipt receipt) => call switch
    {
        "send" => (await _broker.Queues.SendAsync(_key, new[] { new OutgoingMessage() }, default)).Error?.Code,
        "receive" => (await _broker.Queues.ReceiveAsync(_key, new ReceiveRequest(1, 0, null), default)).Error?.Code,
        "acknowledge" => Code(await _broker.Queues.AcknowledgeAsync(_key, new[] { receipt }, default)),
        "extend" => Code(await _broker.Queues.ExtendAsync(_key, new[] { new ExtendEntry(receipt, 1) }, default)),
        _ => Code(await _broker.Queues.ReleaseAsync(_key, new[] { new ReleaseEntry(receipt, 1) }, default)),
    };

    private static ErrorCode? Code(Result<BrokerError?[]> answer) => answer.IsOk ? Assert.Single(answer.Value)?.Code : answer.Error.Code;

    private Task Synced(Task call)
    {
        Commit();
        return call;
    }

    private void Commit() => _broker.Engine.CommitAll();
}
