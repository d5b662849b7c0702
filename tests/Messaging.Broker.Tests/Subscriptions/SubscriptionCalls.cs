using Messaging.Broker.Names;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Tests.Topics;

namespace Messaging.Broker.Tests.Subscriptions;

/// <summary>The calls of a test on subscriptions in few words.</summary>
internal static class SubscriptionCalls
{
    public static SubscriptionKey Subscription(string name, string topic = "t")
    {
        Assert.True(SubscriptionName.TryParse(name, out SubscriptionName parsed));
        return new SubscriptionKey(TopicCalls.Topic(topic), parsed);
    }

    public static SubscriptionDefinition To(string queue) => new() { Target = new SubscriptionTarget.OfQueue(BrokerHarness.Key(queue).Name) };

    public static async Task<SubscriptionDescription> Subscribe(this BrokerHarness harness, string name, SubscriptionDefinition definition, string topic = "t")
    {
        Result<PutSubscriptionResult> put = await harness.Broker.Subscriptions.PutAsync(Subscription(name, topic), definition, default, default);
        Assert.True(put.IsOk, put.Error?.Detail);
        return put.Value.Subscription;
    }

    /// <summary>Why it can't be put; null where it was.</summary>
    public static async Task<(ErrorCode? Code, string? Field)> SubscribeError(this BrokerHarness harness, string name, SubscriptionDefinition definition, string topic = "t")
    {
        BrokerError? error = (await harness.Broker.Subscriptions.PutAsync(Subscription(name, topic), definition, default, default)).Error;
        return (error?.Code, error?.Field);
    }

    public static Task Pause(this BrokerHarness harness, string name, string topic = "t") => harness.SetPaused(name, topic, isPaused: true);

    public static Task Resume(this BrokerHarness harness, string name, string topic = "t") => harness.SetPaused(name, topic, isPaused: false);

    /// <summary>Null where there is none.</summary>
    public static async Task<SubscriptionDescription?> GetSubscription(this BrokerHarness harness, string name, string topic = "t")
    {
        Result<SubscriptionDescription> found = await harness.Broker.Subscriptions.GetAsync(Subscription(name, topic), default);
        return found.IsOk ? found.Value : null;
    }

    public static async Task<List<string>> ListSubscriptions(this BrokerHarness harness, string? prefix = null, int pageSize = 100, string topic = "t")
    {
        var names = new List<string>();
        string? token = null;
        do
        {
            Result<SubscriptionPage> page = await harness.Broker.Subscriptions.ListAsync(TopicCalls.Topic(topic), prefix, pageSize, token, default);
            Assert.True(page.IsOk, page.Error?.Detail);
            Assert.True(page.Value.Subscriptions.Count <= pageSize);
            names.AddRange(page.Value.Subscriptions.Select(subscription => subscription.Key.Name.Value));
            token = page.Value.NextPageToken;
        }
        while (token is not null);
        return names;
    }

    private static async Task SetPaused(this BrokerHarness harness, string name, string topic, bool isPaused)
    {
        Result<SubscriptionDescription> paused = await harness.Broker.Subscriptions.PauseAsync(Subscription(name, topic), isPaused, default);
        Assert.True(paused.IsOk, paused.Error?.Detail);
        Assert.Equal(isPaused, paused.Value.Paused);
    }

    /// <summary>The number of one that is there.</summary>
    public static long NumberOf(this BrokerHarness harness, string name, string topic = "t")
    {
        Assert.True(harness.Broker.SubscriptionDirectory.TryGet(Subscription(name, topic), out LiveSubscription? subscription));
        return subscription.Number;
    }
}
