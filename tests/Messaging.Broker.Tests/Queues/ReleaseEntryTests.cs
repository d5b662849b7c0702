using Messaging.Broker.Messages;
using Messaging.Broker.Moves;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Tests.Moves;

namespace Messaging.Broker.Tests.Queues;

/// <summary>What is given back unhandled.</summary>
public sealed class ReleaseEntryTests
{
    private static readonly QueueDefinition OnceOnly = DeadLetterTests.To("dead", 1);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_nobody_has_worked_on_is_no_dead_letter_also_after_a_stop_or_a_crash(bool isCrash)
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey dead = await broker.Create("dead");
        QueueKey key = await broker.Create("q", OnceOnly);
        await broker.Send(key, "a");
        for (int round = 0; round < 3; round++)
        {
            Delivered message = Assert.Single(await broker.Receive(key));
            Assert.Equal(1, message.ReceiveCount);
            Assert.Null(await broker.Release(key, message.Receipt, isUnhandled: true));
        }

        if (isCrash) broker.Kill();
        else await broker.Restart();
        await broker.Broker.MoveAsync();
        Assert.Equal((1, 0), ((await broker.Counts(key)).Ready, (await broker.Counts(dead)).Ready));
        Assert.Null(await broker.Release(key, Assert.Single(await broker.Receive(key)).Receipt));
        await broker.Broker.MoveAsync();
        Assert.Equal(1, Assert.Single(await broker.Receive(dead)).Origin!.ReceiveCount);
    }

    [Fact]
    public async Task A_receipt_gives_back_once_and_is_nothing_to_the_next_delivery()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        await broker.Create("dead");
        QueueKey key = await broker.Create("q", OnceOnly);
        await broker.Send(key, "a");
        Receipt first = Assert.Single(await broker.Receive(key)).Receipt;

        Assert.Null(await broker.Release(key, first, isUnhandled: true));
        Assert.Equal(ErrorCode.NotLeased, await broker.Release(key, first, isUnhandled: true));
        Delivered second = Assert.Single(await broker.Receive(key));
        Assert.Equal(ErrorCode.ReceiptStale, await broker.Release(key, first, isUnhandled: true));
        Assert.Equal(ErrorCode.ReceiptStale, await broker.Acknowledge(key, first));
        Assert.Equal(1, second.ReceiveCount);
        Assert.Null(await broker.Acknowledge(key, second.Receipt));
    }

    [Fact]
    public async Task A_limit_that_comes_later_and_a_rejection_count_as_well_what_counts()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey dead = await broker.Create("dead");
        QueueKey key = await broker.Create("q");
        await broker.Send(key, "a");
        Assert.Null(await broker.Release(key, Assert.Single(await broker.Receive(key)).Receipt, isUnhandled: true));

        await broker.Create("q", OnceOnly);
        Receipt receipt = Assert.Single(await broker.Receive(key)).Receipt;
        Assert.Null(Assert.Single((await broker.Broker.Queues.RejectAsync(key, new[] { new RejectEntry(receipt, "no") }, default)).Value));
        Assert.Equal(1, Assert.Single(await broker.Receive(dead)).Origin!.ReceiveCount);
    }

    [Fact]
    public async Task It_is_ready_at_once_and_the_wait_does_not_grow()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create("q", new QueueDefinition { Retry = new RetryDefinition { MinSeconds = 10, Factor = 2, Jitter = 0 } });
        await broker.Send(key, "a");
        Assert.Null(await broker.Release(key, Assert.Single(await broker.Receive(key)).Receipt, null, isUnhandled: true));
        Assert.Null(await broker.Release(key, Assert.Single(await broker.Receive(key)).Receipt, null));

        broker.Advance(9);
        Assert.Empty(await broker.Receive(key));
        broker.Advance(1);
        Assert.Equal(2, Assert.Single(await broker.Receive(key)).ReceiveCount);
    }

    [Fact]
    public async Task One_call_gives_back_of_a_group_what_failed_and_what_nobody_has_worked_on_and_it_stays_in_order()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create("q", new QueueDefinition { Type = QueueType.Fifo, Deduplication = new DeduplicationDefinition { ContentBased = true } });
        OutgoingMessage[] sent = [.. new[] { "a", "b", "c" }.Select(static body => new OutgoingMessage { Body = System.Text.Encoding.UTF8.GetBytes(body), Group = "g" })];
        Assert.True((await broker.Broker.Queues.SendAsync(key, sent, default)).IsOk);
        Delivered[] messages = await broker.Receive(key);

        ReleaseEntry[] entries = [.. messages.Select(static message => new ReleaseEntry(message.Receipt, 0) { IsUnhandled = message.Body != "a" })];
        Assert.All((await broker.Broker.Queues.ReleaseAsync(key, entries, default)).Value, Assert.Null);
        broker.Kill();

        Assert.Equal([("a", 2), ("b", 1), ("c", 1)], (await broker.Receive(key)).Select(static message => (message.Body, message.ReceiveCount)));
    }
}
