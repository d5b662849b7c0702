using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Tests.Queues;

public sealed class RetentionTests
{
    private static readonly QueueDefinition Minute = new() { RetentionSeconds = 60 };

    [Fact]
    public async Task The_heartbeat_drops_what_is_over_its_retention()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create(definition: Minute);
        await broker.Send(key, [.. Enumerable.Range(0, 100).Select(i => $"{i}")]);
        broker.Advance(62);
        await broker.Send(key, "new");
        await broker.Broker.TickAsync();
        Assert.Equal(new QueueCounts(1, 0, 0), await broker.Counts(key));
        broker.Kill();
        Assert.Equal(new QueueCounts(1, 0, 0), await broker.Counts(key));
        Assert.Equal("new", Assert.Single(await broker.Receive(key)).Body);
    }

    [Fact]
    public async Task Retention_counts_from_the_due_time_and_spares_leases_that_run()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create(definition: Minute);
        await broker.SendDelayed(key, 50_000, "delayed");
        await broker.Send(key, "leased", "backlog");
        Delivered leased = Assert.Single(await broker.Receive(key, max: 1, lease: 120));
        Assert.Equal("leased", leased.Body);
        broker.Advance(65);
        await broker.Broker.TickAsync();
        Assert.Equal(new QueueCounts(1, 1, 0), await broker.Counts(key));
        Assert.Equal("delayed", Assert.Single(await broker.Receive(key, lease: 1)).Body);
        Assert.Null(await broker.Extend(key, leased.Receipt, 10));
        broker.Advance(50);
        await broker.Broker.TickAsync();
        Assert.Equal(default, await broker.Counts(key));
        Assert.Equal(ErrorCode.MessageGone, await broker.Extend(key, leased.Receipt, 10));
    }

    [Fact]
    public async Task Retention_of_a_queue_that_delays_counts_from_the_end_of_the_delay()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create(definition: Minute with { DelaySeconds = 100 });
        await broker.Send(key, "a");
        broker.Advance(155);
        await broker.Broker.TickAsync();
        Assert.Equal(new QueueCounts(1, 0, 0), await broker.Counts(key));
        broker.Advance(10);
        await broker.Broker.TickAsync();
        Assert.Equal(default, await broker.Counts(key));
    }
}
