using System.Text;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Tests.Queues;

/// <summary>Groups, priorities and retries seen by a look; and what leaves the way of a group by being cancelled, purged or over.</summary>
public sealed class LookingAtGroupsTests
{
    private static readonly QueueDefinition Fifo = new() { Type = QueueType.Fifo };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Group_priority_and_sequence_are_shown(bool isFifo)
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create(definition: isFifo ? Fifo : new QueueDefinition { Priorities = 3 });
        await Send(broker, key, "a", "g", priority: isFifo ? 0 : 2);
        await broker.Restart();
        Result<BrowsedMessages> found = await broker.Broker.Queues.BrowseAsync(key, new BrowseRequest(MessageState.Ready, null, 10), default);
        using BrowsedMessages page = found.Value;
        BrowsedMessage message = Assert.Single(page.Messages);
        Assert.Equal(("g", isFifo ? 0 : 2, isFifo ? 0L : null), (message.Group, message.Priority, message.Sequence));
    }

    [Fact]
    public async Task A_message_that_is_cancelled_is_not_in_its_groups_way_any_more()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create(definition: Fifo);
        MessageId first = await Send(broker, key, "first", "g");
        await Send(broker, key, "second", "g");
        await broker.Release(key, Assert.Single(await broker.Receive(key, max: 1)).Receipt, 600);
        Task<Delivered[]> waiting = broker.Receive(key, wait: 20);
        Assert.False(waiting.IsCompleted);
        Assert.Null(await broker.Cancel(key, first));
        Assert.Equal("second", Assert.Single(await waiting).Body);
    }

    [Fact]
    public async Task A_message_that_is_over_is_not_in_its_groups_way_any_more()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create(definition: Fifo);
        await Send(broker, key, "first", "g", expiresMs: 10_000);
        await Send(broker, key, "second", "g");
        await broker.Release(key, Assert.Single(await broker.Receive(key, max: 1)).Receipt, 600);
        Task<Delivered[]> waiting = broker.Receive(key, wait: 20);
        broker.Advance(9);
        Assert.False(waiting.IsCompleted);
        broker.Advance(1);
        Assert.Equal("second", Assert.Single(await waiting).Body);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_purge_opens_all_groups(bool dies)
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create(definition: Fifo with { DelaySeconds = 5 });
        for (int i = 0; i < 6; i++) await Send(broker, key, $"{i}", $"g{i % 2}");
        broker.Advance(6);
        await broker.Receive(key, max: 1);
        await Send(broker, key, "late", "g0");
        Assert.Equal(7, await broker.Purge(key));
        await Send(broker, key, "new", "g0");
        if (dies) broker.Kill();
        else await broker.Restart();
        Assert.Equal(new QueueCounts(0, 0, 1), await broker.Counts(key));
        broker.Advance(6);
        Assert.Equal("new", Assert.Single(await broker.Receive(key)).Body);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Messages_of_groups_are_cancelled_under_any_delay(bool dies)
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create(definition: Fifo with { DelaySeconds = 10 });
        MessageId[] marked = [await Send(broker, key, "m0", "g"), await Send(broker, key, "m1", "g")];
        MessageId[] own = [await Send(broker, key, "o0", "g", delayMs: 20_000), await Send(broker, key, "o1", "h", delayMs: 20_000)];
        MessageId ready = await Send(broker, key, "r", "h", delayMs: 0);
        Assert.Equal(new QueueCounts(1, 0, 4), await broker.Counts(key));
        foreach (MessageId id in (MessageId[])[marked[0], own[1], ready]) Assert.Null(await broker.Cancel(key, id));
        Assert.Equal(new QueueCounts(0, 0, 2), await broker.Counts(key));
        if (dies) broker.Kill();
        else await broker.Restart();
        Assert.Equal(["m1", "o0"], (await broker.BrowseAll(key, MessageState.Delayed)).Select(seen => seen.Body));
        broker.Advance(21);
        Assert.Equal(["m1", "o0"], (await broker.Receive(key)).Select(delivered => delivered.Body));
    }

    [Fact]
    public async Task What_waits_to_be_retried_is_delayed_and_dies_at_its_time()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create(definition: new QueueDefinition { LeaseSeconds = 5, Retry = new RetryDefinition { MinSeconds = 60, Jitter = 0 } });
        MessageId id = await Send(broker, key, "a", null, expiresMs: 30_000);
        long sent = broker.NowMs;
        await broker.Receive(key);
        broker.Advance(6);
        Seen seen = (await broker.Look(key, id)).Value;
        Assert.Equal((MessageState.Delayed, sent + 65_000), (seen.State, seen.AvailableAtMs));
        broker.Advance(24);
        Assert.Equal(ErrorCode.MessageNotFound, (await broker.Look(key, id)).Error?.Code);
        MessageId leased = await Send(broker, key, "b", null, expiresMs: 3_000);
        await broker.Receive(key);
        broker.Advance(4);
        Assert.True((await broker.Look(key, leased)).IsOk);
        broker.Advance(1);
        Assert.Equal(default, await broker.Counts(key));
    }

    [Fact]
    public async Task A_group_of_which_a_message_is_out_stays_closed_over_a_restart_whatever_the_order_in_the_snapshot()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create(definition: Fifo);
        await Send(broker, key, "other", "h");
        await Send(broker, key, "first", "g");
        await Send(broker, key, "second", "g");
        Delivered other = Assert.Single(await broker.Receive(key, max: 1, lease: 600));
        await broker.Receive(key, max: 1, lease: 0);
        // The second one takes the place of what is gone, before the first one's.
        await broker.Acknowledge(key, other.Receipt);
        Assert.Equal(2, (await broker.Receive(key, max: 2, lease: 0)).Length);
        Assert.Equal("first", Assert.Single(await broker.Receive(key, max: 1, lease: 600)).Body);
        await broker.Restart();
        Assert.Empty(await broker.Receive(key));
    }

    private static async Task<MessageId> Send(
        BrokerHarness broker, QueueKey key, string body, string? group, int priority = 0, long expiresMs = OutgoingMessage.NoExpiry, long delayMs = OutgoingMessage.QueueDelay)
    {
        var message = new OutgoingMessage
        {
            Body = Encoding.UTF8.GetBytes(body), Group = group, Priority = priority, ExpiresInMilliseconds = expiresMs, DelayMilliseconds = delayMs,
        };
        Result<SendOutcome[]> sent = await broker.Broker.Queues.SendAsync(key, new[] { message }, default);
        Assert.Null(sent.Value[0].Error);
        return sent.Value[0].Id;
    }
}
