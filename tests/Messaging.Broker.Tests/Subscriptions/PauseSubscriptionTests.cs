using Messaging.Broker.Subscriptions;
using Messaging.Broker.Tests.Topics;

namespace Messaging.Broker.Tests.Subscriptions;

public sealed class PauseSubscriptionTests
{
    [Fact]
    public async Task A_pause_outlives_a_crash_a_stop_and_a_change_of_the_definition_until_somebody_resumes()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        await harness.CreateTopic();
        await harness.Create("q");
        SubscriptionDescription before = await harness.Subscribe("s", SubscriptionCalls.To("q"));
        Assert.False(before.Paused);

        for (int i = 0; i < 2; i++) Assert.Equal(before with { Paused = true }, await Pause(harness, true));
        harness.Kill();
        Assert.Equal(before with { Paused = true }, await harness.GetSubscription("s"));
        Assert.True((await harness.Subscribe("s", SubscriptionCalls.To("q") with { Raw = false })).Paused);
        await harness.Restart();
        Assert.True((await harness.GetSubscription("s"))!.Paused);

        for (int i = 0; i < 2; i++) Assert.False((await Pause(harness, false)).Paused);
        harness.Kill();
        Assert.False((await harness.GetSubscription("s"))!.Paused);
        await harness.Restart();
        Assert.False((await harness.GetSubscription("s"))!.Paused);
    }

    [Fact]
    public async Task What_is_not_there_is_not_paused()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        Assert.Equal(ErrorCode.TopicNotFound, (await harness.Broker.Subscriptions.PauseAsync(SubscriptionCalls.Subscription("s"), true, default)).Error!.Code);
        await harness.CreateTopic();
        Assert.Equal(ErrorCode.SubscriptionNotFound, (await harness.Broker.Subscriptions.PauseAsync(SubscriptionCalls.Subscription("s"), true, default)).Error!.Code);
    }

    private static async Task<SubscriptionDescription> Pause(BrokerHarness harness, bool isPaused)
    {
        Result<SubscriptionDescription> paused = await harness.Broker.Subscriptions.PauseAsync(SubscriptionCalls.Subscription("s"), isPaused, default);
        Assert.True(paused.IsOk, paused.Error?.Detail);
        return paused.Value;
    }
}
