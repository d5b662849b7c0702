namespace Messaging.Broker.Subscriptions.Delivery;

/// <summary>What counts for one subscription. Immutable.</summary>
/// <param name="Retry">When a failed delivery is tried again.</param>
/// <param name="SicklyRetry">Told and of no effect.</param>
/// <param name="MaxReceivesPerSecond">Null is as many as there are.</param>
/// <param name="HeaderContentType">Of deliveries.</param>
/// <param name="Guaranteed">Told and of no effect.</param>
public sealed record EffectiveDeliveryPolicy(RetryPolicy Retry, RetryPolicy? SicklyRetry, int? MaxReceivesPerSecond, string HeaderContentType, bool Guaranteed)
{
    private static readonly RetryPolicy RetryDefault = new();

    /// <summary>The subscription's word before the topic's, part by part, unless the topic forbids; and SNS's where neither says.</summary>
    public static EffectiveDeliveryPolicy Of(TopicDeliveryPolicy topic, DeliveryPolicy subscription)
    {
        DeliveryPolicy own = topic.DisableSubscriptionOverrides ? DeliveryPolicy.None : subscription, inherited = topic.Defaults;
        return new EffectiveDeliveryPolicy(
            own.HealthyRetry ?? inherited.HealthyRetry ?? RetryDefault,
            own.SicklyRetry ?? inherited.SicklyRetry,
            own.MaxReceivesPerSecond ?? inherited.MaxReceivesPerSecond,
            own.HeaderContentType ?? inherited.HeaderContentType ?? HeaderContentTypes.Default,
            own.Guaranteed);
    }
}
