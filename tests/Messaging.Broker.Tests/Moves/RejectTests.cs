using Messaging.Broker.Messages;
using Messaging.Broker.Moves;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Tests.Moves;

public sealed class RejectTests
{
    [Fact]
    public async Task A_rejected_message_is_in_the_dead_letter_queue_with_its_reason()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        (QueueKey queue, QueueKey dead) = await CreateAsync(broker);
        MessageId[] ids = await broker.Send(queue, "a", "b");
        Delivered[] received = await broker.Receive(queue);
        Assert.Equal([null, null], await Reject(broker, queue, (received[1].Receipt, "größe"), (received[0].Receipt, null)));
        broker.Kill();
        Delivered[] moved = await broker.Receive(dead);
        Assert.Equal([("a", ids[0], null), ("b", ids[1], "größe")], moved.Select(message => (message.Body, message.Id, message.Origin!.Detail)));
        Assert.All(moved, message => Assert.Equal((MoveReason.Rejected, 1, queue), (message.Origin!.Reason, message.Origin.ReceiveCount, message.Origin.Queue)));
        Assert.Equal(new QueueCounts(0, 0, 0), await broker.Counts(queue));
        Assert.Null(await broker.Acknowledge(queue, received[0].Receipt));
    }

    [Fact]
    public async Task Only_who_holds_a_message_can_reject_it()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        (QueueKey queue, QueueKey dead) = await CreateAsync(broker);
        QueueKey other = await broker.Create("other");
        await broker.Send(queue, "a", "b", "c");
        await broker.Send(other, "o");
        Delivered foreign = Assert.Single(await broker.Receive(other));
        Delivered old = (await broker.Receive(queue, max: 1, lease: 0))[0];
        Delivered again = (await broker.Receive(queue, max: 1, lease: 5))[0];
        Delivered over = (await broker.Receive(queue, max: 1, lease: 0))[0];
        Delivered held = (await broker.Receive(queue, max: 2))[^1];
        Receipt forged = new(held.Receipt.StreamId, held.Receipt.Offset, held.Receipt.ReceiveCount + 1, held.Receipt.Mac);
        Assert.Equal(
            [ErrorCode.ReceiptStale, ErrorCode.ReceiptOfAnotherQueue, ErrorCode.ReceiptInvalid, null, ErrorCode.MessageGone, ErrorCode.MessageGone, null],
            await Reject(
                broker, queue, (old.Receipt, null), (foreign.Receipt, null), (forged, null), (held.Receipt, null), (held.Receipt, null), (held.Receipt, null), (again.Receipt, null)));
        Assert.Equal([ErrorCode.ReceiptStale], await Reject(broker, queue, (over.Receipt, null)));
        Assert.Equal(2, (await broker.Counts(dead)).Ready);
        broker.Advance(31);
        Delivered last = Assert.Single(await broker.Receive(queue, lease: 0));
        Assert.Equal([ErrorCode.NotLeased], await Reject(broker, queue, (last.Receipt, null)));
    }

    [Fact]
    public async Task A_reason_has_a_bound_and_a_call_has_entries()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        (QueueKey queue, QueueKey dead) = await CreateAsync(broker);
        await broker.Send(queue, "a", "b");
        Delivered[] received = await broker.Receive(queue);
        Assert.Equal([ErrorCode.InvalidValue, null], await Reject(broker, queue, (received[0].Receipt, new string('ä', 513)), (received[1].Receipt, new string('ä', 512))));
        Assert.Equal(new string('ä', 512), Assert.Single(await broker.Receive(dead)).Origin!.Detail);
        Assert.Equal(ErrorCode.BatchEmpty, (await broker.Broker.Queues.RejectAsync(queue, default, default)).Error!.Code);
        Assert.Equal(ErrorCode.NoDeadLetterQueue, (await broker.Broker.Queues.RejectAsync(dead, new RejectEntry[1], default)).Error!.Code);
        Assert.Equal(ErrorCode.QueueNotFound, (await broker.Broker.Queues.RejectAsync(BrokerHarness.Key("x"), new RejectEntry[1], default)).Error!.Code);
    }

    [Fact]
    public async Task A_thousand_are_rejected_by_one_call_in_order()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        (QueueKey queue, QueueKey dead) = await CreateAsync(broker);
        string[] bodies = [.. Enumerable.Range(0, BrokerLimits.CallEntriesMax).Select(i => $"{i}")];
        await broker.Send(queue, bodies);
        Delivered[] received = await broker.Receive(queue, max: 1_000);
        ErrorCode?[] outcomes = await Reject(broker, queue, [.. received.Reverse().Select(message => (message.Receipt, (string?)message.Body))]);
        Assert.All(outcomes, outcome => Assert.Null(outcome));
        Assert.Equal(bodies, (await broker.Receive(dead, max: 1_000)).Select(message => message.Body));
    }

    private static async Task<(QueueKey Queue, QueueKey Dead)> CreateAsync(BrokerHarness broker)
    {
        QueueKey dead = await broker.Create("dead");
        return (await broker.Create("q", DeadLetterTests.To("dead", 10)), dead);
    }

    private static async Task<ErrorCode?[]> Reject(BrokerHarness broker, QueueKey queue, params (Receipt Receipt, string? Reason)[] entries)
    {
        RejectEntry[] rejected = [.. entries.Select(entry => new RejectEntry(entry.Receipt, entry.Reason))];
        Result<BrokerError?[]> done = await broker.Broker.Queues.RejectAsync(queue, rejected, default);
        Assert.True(done.IsOk, done.Error?.Detail);
        return [.. done.Value.Select(outcome => outcome?.Code)];
    }
}
