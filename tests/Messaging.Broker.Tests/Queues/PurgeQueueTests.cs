using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Tests.Queues;

public sealed class PurgeQueueTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_purge_drops_all_there_is_and_nothing_that_comes_later(bool dies)
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create(definition: new QueueDefinition { DelaySeconds = 10 });
        await broker.Send(key, "m1", "m2");
        await broker.SendDelayed(key, 20_000, "own");
        await broker.SendDelayed(key, 0, "r1", "r2", "r3");
        Delivered[] held = await broker.Receive(key, max: 2, lease: 100);
        await broker.Release(key, held[1].Receipt, 50);

        Assert.Equal(6, await broker.Purge(key));
        Assert.Equal(default, await broker.Counts(key));
        Assert.Equal(0, await broker.Purge(key));
        MessageId[] after = await broker.Send(key, "new");
        await broker.SendDelayed(key, 0, "now");
        if (dies) broker.Kill();
        else await broker.Restart();
        Assert.Equal(new QueueCounts(1, 0, 1), await broker.Counts(key));
        Assert.Equal(ErrorCode.MessageGone, await broker.Extend(key, held[0].Receipt, 5));
        Assert.Equal(ErrorCode.MessageGone, await broker.Release(key, held[1].Receipt));
        Assert.Null(await broker.Acknowledge(key, held[0].Receipt));
        Assert.Equal(["new", "now"], (await broker.BrowseAll(key)).Select(seen => seen.Body));
        Assert.Equal("now", Assert.Single(await broker.Receive(key, lease: 100)).Body);
        broker.Advance(60);
        Assert.Equal("new", Assert.Single(await broker.Receive(key)).Body);
        Assert.Equal(MessageState.Leased, (await broker.Look(key, after[0])).Value.State);
    }

    [Fact]
    public async Task A_receive_that_waits_goes_on_waiting()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        await broker.SendDelayed(key, 5_000, "old");
        Task<Delivered[]> waiting = broker.Receive(key, wait: 20);
        Assert.Equal(1, await broker.Purge(key));
        broker.Advance(6);
        Assert.False(waiting.IsCompleted);
        await broker.Send(key, "new");
        Assert.Equal("new", Assert.Single(await waiting).Body);
    }

    [Fact]
    public async Task A_queue_with_many_leases_takes_receives_again_after_a_purge()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        for (int i = 0; i < 5; i++)
        {
            await broker.Send(key, [.. Enumerable.Range(0, 1_000).Select(number => $"{number}")]);
            Assert.Equal(1_000, (await broker.Receive(key, max: 1_000)).Length);
        }

        Assert.Equal(new QueueCounts(0, 5_000, 0), await broker.Counts(key));
        Assert.Equal(5_000, await broker.Purge(key));
        broker.Advance(100);
        Assert.Empty(await broker.Receive(key));
        await broker.Send(key, "a");
        Assert.Equal(1, Assert.Single(await broker.Receive(key)).ReceiveCount);
    }

    [Fact]
    public async Task A_purge_of_a_queue_that_is_not_there_is_refused()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        Assert.Equal(ErrorCode.QueueNotFound, (await broker.Broker.Queues.PurgeAsync(BrokerHarness.Key("nobody"), default)).Error?.Code);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_of_a_deleted_queue_shows_in_a_new_one_of_its_name(bool dies)
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        MessageId[] ids = await broker.Send(key, "a", "b", "c");
        Delivered held = Assert.Single(await broker.Receive(key, max: 1, lease: 600));
        await broker.SendDelayed(key, 60_000, "late");
        string token = (await broker.Browse(key, limit: 1)).Next!;
        Assert.True((await broker.Broker.Queues.DeleteAsync(key, default)).IsOk);
        await broker.Create();
        if (dies) broker.Kill();
        else await broker.Restart();

        Assert.Equal(default, await broker.Counts(key));
        Assert.Empty(await broker.BrowseAll(key));
        Assert.Empty(await broker.Receive(key));
        Assert.Equal(ErrorCode.ReceiptOfAnotherQueue, await broker.Acknowledge(key, held.Receipt));
        Assert.Equal("after", (await broker.Broker.Queues.BrowseAsync(key, new BrowseRequest(null, token, 1), default)).Error?.Field);
        foreach (MessageId id in ids) Assert.Equal(ErrorCode.MessageNotFound, (await broker.Look(key, id)).Error?.Code);
        MessageId fresh = Assert.Single(await broker.Send(key, "new"));
        Assert.DoesNotContain(fresh, ids);
        Delivered delivered = Assert.Single(await broker.Receive(key));
        Assert.Equal(("new", 1), (delivered.Body, delivered.ReceiveCount));
        broker.Advance(120);
        Assert.Equal(new QueueCounts(1, 0, 0), await broker.Counts(key));
    }
}
