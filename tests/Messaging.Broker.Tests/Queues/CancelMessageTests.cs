using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Tests.Queues;

public sealed class CancelMessageTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_ready_or_delayed_can_be_cancelled_once(bool dies)
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create(definition: new QueueDefinition { DelaySeconds = 10 });
        MessageId[] marked = await broker.Send(key, "m1", "m2");
        MessageId[] own = await broker.SendDelayed(key, 20_000, "o1", "o2");
        MessageId[] ready = await broker.SendDelayed(key, 0, "r1", "r2");
        Assert.Equal(new QueueCounts(2, 0, 4), await broker.Counts(key));

        foreach (MessageId id in (MessageId[])[marked[0], own[1], ready[0]]) Assert.Null(await broker.Cancel(key, id));
        Assert.Equal(new QueueCounts(1, 0, 2), await broker.Counts(key));
        if (dies) broker.Kill();
        else await broker.Restart();
        foreach (MessageId id in (MessageId[])[marked[0], own[1], ready[0]]) Assert.Equal(ErrorCode.MessageNotFound, await broker.Cancel(key, id));
        Assert.Equal(new QueueCounts(1, 0, 2), await broker.Counts(key));
        Assert.Equal("r2", Assert.Single(await broker.Receive(key)).Body);
        broker.Advance(11);
        Assert.Equal("m2", Assert.Single(await broker.Receive(key, lease: 60)).Body);
        broker.Advance(10);
        Assert.Equal(["o1"], (await broker.Receive(key)).Select(message => message.Body));
    }

    [Fact]
    public async Task A_leased_message_is_its_receivers_until_it_is_given_back()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        MessageId[] ids = await broker.Send(key, "a", "b", "c");
        Delivered[] held = await broker.Receive(key, lease: 5);
        Assert.Equal(ErrorCode.MessageLeased, await broker.Cancel(key, ids[0]));
        await broker.Release(key, held[0].Receipt, 0);
        await broker.Release(key, held[1].Receipt, 100);
        Assert.Null(await broker.Cancel(key, ids[0]));
        Assert.Null(await broker.Cancel(key, ids[1]));
        Assert.Equal(new QueueCounts(0, 1, 0), await broker.Counts(key));
        Assert.Equal(ErrorCode.MessageLeased, await broker.Cancel(key, ids[2]));
        broker.Advance(5);
        Assert.Null(await broker.Cancel(key, ids[2]));
        Assert.Equal(default, await broker.Counts(key));
        Assert.Null(await broker.Acknowledge(key, held[2].Receipt));
        Assert.Equal(ErrorCode.MessageGone, await broker.Extend(key, held[1].Receipt, 5));
        broker.Kill();
        Assert.Empty(await broker.BrowseAll(key));
    }

    [Fact]
    public async Task A_delayed_message_that_became_due_is_cancelled_without_a_trace()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        MessageId[] ids = await broker.SendDelayed(key, 1_000, "a", "b");
        broker.Advance(1);
        Assert.Equal(new QueueCounts(2, 0, 0), await broker.Counts(key));
        Assert.Null(await broker.Cancel(key, ids[0]));
        Assert.Equal(new QueueCounts(1, 0, 0), await broker.Counts(key));
        Assert.Equal("b", Assert.Single(await broker.Receive(key)).Body);
    }

    [Fact]
    public async Task Thousands_of_scheduled_and_cancelled_messages_leave_no_memory()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        Assert.True(broker.Broker.TryGetState(key, out QueueState? state));
        for (int i = 0; i < 20; i++)
        {
            MessageId[] ids = await broker.SendDelayed(key, 3_600_000, [.. Enumerable.Range(0, 500).Select(number => $"{number}")]);
            await Task.WhenAll(ids.Select(id => broker.Cancel(key, id)));
        }

        Assert.Equal(default, await broker.Counts(key));
        Assert.True(state.NextDueMs >= broker.NowMs);
        await broker.Broker.TickAsync();
        Assert.InRange(state.HeldPairs, 0, 2_048);
    }
}
