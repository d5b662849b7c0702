using System.Text;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Storage;

namespace Messaging.Broker.Tests.Queues;

public sealed class ExpiryTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_message_is_over_at_its_time_and_not_before(bool dies)
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        MessageId id = await Send(broker, key, "a", 10);
        await broker.Send(key, "stays");
        long sent = broker.NowMs;
        if (dies) broker.Kill();
        else await broker.Restart();
        broker.Advance(9.999);
        Assert.Equal(sent + 10_000, (await broker.Look(key, id)).Value.ExpiresAtMs);
        Assert.Equal(new QueueCounts(2, 0, 0), await broker.Counts(key));
        broker.Advance(0.001);
        Assert.Equal(new QueueCounts(1, 0, 0), await broker.Counts(key));
        Assert.Equal(ErrorCode.MessageNotFound, (await broker.Look(key, id)).Error?.Code);
        Assert.Equal("stays", Assert.Single(await broker.BrowseAll(key)).Body);
        Assert.Equal("stays", Assert.Single(await broker.Receive(key)).Body);
    }

    [Fact]
    public async Task A_lease_that_runs_keeps_the_message_until_it_ends()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        foreach (string body in (string[])["ends", "extended", "given back", "given back later", "done"]) await Send(broker, key, body, 10);
        Delivered[] held = await broker.Receive(key, lease: 20);
        broker.Advance(15);
        Assert.Equal(new QueueCounts(0, 5, 0), await broker.Counts(key));
        await broker.Restart();
        Assert.Null(await broker.Extend(key, held[1].Receipt, 30));
        Assert.Null(await broker.Release(key, held[2].Receipt));
        Assert.Null(await broker.Release(key, held[3].Receipt, 60));
        Assert.Null(await broker.Acknowledge(key, held[4].Receipt));
        Assert.Equal(new QueueCounts(0, 2, 0), await broker.Counts(key));
        broker.Advance(5);
        Assert.Equal(new QueueCounts(0, 1, 0), await broker.Counts(key));
        Assert.Equal(ErrorCode.MessageGone, await broker.Extend(key, held[0].Receipt, 10));
        broker.Kill();
        broker.Advance(25);
        Assert.Equal(default, await broker.Counts(key));
        Assert.Null(await broker.Acknowledge(key, held[1].Receipt));
    }

    [Fact]
    public async Task What_expires_before_it_is_due_is_never_delivered()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create(definition: new QueueDefinition { DelaySeconds = 30 });
        await Send(broker, key, "marked", 10);
        await Send(broker, key, "own", 10, delayMs: 20_000);
        await broker.Send(key, "stays");
        Task<Delivered[]> waiting = broker.Receive(key, max: 10, wait: 60);
        broker.Advance(10);
        Assert.Equal(new QueueCounts(0, 0, 1), await broker.Counts(key));
        broker.Advance(21);
        Assert.Equal("stays", Assert.Single(await waiting).Body);
    }

    [Fact]
    public async Task The_heartbeat_frees_what_is_over_without_anybody_looking()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        Assert.True(broker.Broker.TryGetState(key, out QueueState? state));
        for (int i = 0; i < 500; i++) await Send(broker, key, $"{i}", 10);
        Assert.Equal(500, state.HeldPairs);
        broker.Advance(11);
        await broker.Broker.TickAsync();
        Assert.Equal(0, state.Stream.LiveCount);
        Assert.Equal(500, state.Stream.Low);
        Assert.Equal(0, state.HeldPairs);
        await broker.Broker.TickAsync();
        Assert.Null(state.Expiry);
    }

    [Fact]
    public async Task What_is_acknowledged_in_time_leaves_no_memory_behind()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        Assert.True(broker.Broker.TryGetState(key, out QueueState? state));
        OutgoingMessage[] batch = [.. Enumerable.Repeat(new OutgoingMessage { ExpiresInMilliseconds = 86_400_000 }, 500)];
        for (int i = 0; i < 20; i++)
        {
            Assert.True((await broker.Broker.Queues.SendAsync(key, batch, default)).IsOk);
            foreach (Delivered delivered in await broker.Receive(key, max: 500)) await broker.Acknowledge(key, delivered.Receipt);
        }

        Assert.InRange(state.Expiry!.Count, 0, 2_048);
        await broker.Restart();
        Assert.True(broker.Broker.TryGetState(key, out state));
        Assert.Equal(0, state.HeldPairs);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData((MessageLimits.ExpiresInSecondsMax * 1_000L) + 1)]
    public async Task A_time_out_of_its_range_is_refused(long milliseconds)
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        Result<SendOutcome[]> sent = await broker.Broker.Queues.SendAsync(key, new[] { new OutgoingMessage { ExpiresInMilliseconds = milliseconds } }, default);
        Assert.Equal((ErrorCode.InvalidValue, "messages[0].expiresInSeconds"), (sent.Value[0].Error?.Code, sent.Value[0].Error?.Field));
        await Send(broker, key, "a", MessageLimits.ExpiresInSecondsMax);
        Assert.Equal(new QueueCounts(1, 0, 0), await broker.Counts(key));
    }

    private static async Task<MessageId> Send(BrokerHarness broker, QueueKey key, string body, int seconds, long delayMs = OutgoingMessage.QueueDelay)
    {
        var message = new OutgoingMessage { Body = Encoding.UTF8.GetBytes(body), ExpiresInMilliseconds = seconds * 1_000L, DelayMilliseconds = delayMs };
        Result<SendOutcome[]> sent = await broker.Broker.Queues.SendAsync(key, new[] { message }, default);
        Assert.Null(sent.Value[0].Error);
        return sent.Value[0].Id;
    }
}
