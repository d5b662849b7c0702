using Messaging.Broker.Subscriptions.Delivery;

namespace Messaging.Broker.Tests.Subscriptions.Delivery;

public sealed class EffectiveDeliveryPolicyTests
{
    private static readonly RetryPolicy Often = new() { NumRetries = 9 }, Seldom = new() { NumRetries = 1 };

    private static readonly TopicDeliveryPolicy Topic = new()
    {
        Defaults = new DeliveryPolicy { HealthyRetry = Often, MaxReceivesPerSecond = 3, HeaderContentType = "application/json" },
    };

    [Fact]
    public void Where_nobody_says_anything_SNS_does() => Assert.Equal(
        new EffectiveDeliveryPolicy(new RetryPolicy(), null, null, "text/plain; charset=UTF-8", false),
        EffectiveDeliveryPolicy.Of(TopicDeliveryPolicy.None, DeliveryPolicy.None));

    [Fact]
    public void A_subscription_overrides_its_topic_part_by_part() => Assert.Equal(
        new EffectiveDeliveryPolicy(Seldom, null, 3, "application/json", false),
        EffectiveDeliveryPolicy.Of(Topic, new DeliveryPolicy { HealthyRetry = Seldom }));

    [Fact]
    public void A_topic_can_forbid_it() => Assert.Equal(
        new EffectiveDeliveryPolicy(Often, null, 3, "application/json", false),
        EffectiveDeliveryPolicy.Of(Topic with { DisableSubscriptionOverrides = true }, new DeliveryPolicy { HealthyRetry = Seldom, MaxReceivesPerSecond = 9 }));
}
