using Messaging.Broker;
using Messaging.Broker.Names;
using Messaging.Broker.Subscriptions;

namespace Messaging.Catalog.Tests;

/// <summary>The calls of a test on subscriptions in few words.</summary>
internal static class CatalogSubscriptions
{
    public static SubscriptionKey Key(string name, string topic = "t") =>
        SubscriptionName.TryParse(name, out SubscriptionName parsed) ? new SubscriptionKey(CatalogTopics.Key(topic), parsed) : throw new ArgumentException(name, nameof(name));

    public static SubscriptionDefinition To(string queue) => new() { Target = new SubscriptionTarget.OfQueue(CatalogHarness.Key(queue).Name) };

    public static async Task<SubscriptionDescription> SubscribeAsync(this CatalogHarness broker, string name, SubscriptionDefinition definition, string topic = "t")
    {
        Result<PutSubscriptionResult> put = await broker.Broker.Subscriptions.PutAsync(Key(name, topic), definition, default, default);
        Assert.True(put.IsOk, put.Error?.Detail);
        return put.Value.Subscription;
    }

    /// <summary>Null where it can be.</summary>
    public static async Task<(ErrorCode?, string?)> TrySubscribeAsync(this CatalogHarness broker, string name, SubscriptionDefinition definition, string topic = "t")
    {
        BrokerError? error = (await broker.Broker.Subscriptions.PutAsync(Key(name, topic), definition, default, default)).Error;
        return (error?.Code, error?.Field);
    }

    public static async Task UnsubscribeAsync(this CatalogHarness broker, string name, string topic = "t")
    {
        Result<bool> deleted = await broker.Broker.Subscriptions.DeleteAsync(Key(name, topic), default, default);
        Assert.True(deleted.IsOk, deleted.Error?.Detail);
    }

    /// <summary>Null where there is none.</summary>
    public static async Task<SubscriptionDescription?> GetSubscriptionAsync(this CatalogHarness broker, string name, string topic = "t")
    {
        Result<SubscriptionDescription> got = await broker.Broker.Subscriptions.GetAsync(Key(name, topic), default);
        return got.IsOk ? got.Value : null;
    }

    public static async Task<string[]> SubscriptionNamesAsync(this CatalogHarness broker, string topic = "t", int pageSize = 100)
    {
        var names = new List<string>();
        string? token = null;
        do
        {
            SubscriptionPage page = (await broker.Broker.Subscriptions.ListAsync(CatalogTopics.Key(topic), null, pageSize, token, default)).Value;
            names.AddRange(page.Subscriptions.Select(subscription => subscription.Key.Name.Value));
            token = page.NextPageToken;
        }
        while (token is not null);
        return [.. names];
    }
}
