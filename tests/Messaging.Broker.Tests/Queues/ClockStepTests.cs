using Messaging.Broker.Names;

namespace Messaging.Broker.Tests.Queues;

public sealed class ClockStepTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public async Task A_step_of_the_wall_clock_neither_ends_nor_stretches_a_lease(int direction)
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        await broker.Send(key, "a");
        await broker.Receive(key, lease: 100);
        broker.Time.Step(direction * TimeSpan.FromDays(365));
        broker.Advance(85);
        Assert.Empty(await broker.Receive(key));
        broker.Advance(30);
        Assert.Single(await broker.Receive(key));
    }

    [Fact]
    public async Task After_a_restart_with_a_wall_clock_in_the_past_time_goes_on_from_where_it_was()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        await broker.Send(key, "a", "b");
        await broker.Receive(key, max: 1, lease: 100);
        long before = broker.NowMs;
        broker.Time.Step(TimeSpan.FromDays(-30));
        broker.Kill();
        Assert.True(broker.NowMs >= before);
        Delivered other = Assert.Single(await broker.Receive(key));
        Assert.True(other.FirstReceivedAtMs >= before);
        broker.Advance(120);
        Assert.Equal(2, (await broker.Receive(key)).Length);
        await broker.Restart();
        Assert.True(broker.NowMs >= before + 100_000);
    }
}
