using Messaging.Broker.Subscriptions;
using Messaging.Broker.Subscriptions.Delivery;
using Messaging.Broker.Topics;

namespace Messaging.Broker.Deliveries;

/// <summary>How a subscription's messages are delivered, as of one moment: its own words and its topic's. Immutable.</summary>
/// <param name="Target">Where to.</param>
/// <param name="Url">Of an endpoint of HTTP, or a function; else null.</param>
/// <param name="IsRaw">To an endpoint of HTTP the message goes as it was published.</param>
/// <param name="Schedule">When a failed delivery is tried again.</param>
/// <param name="MaxReceivesPerSecond">Deliveries in a second; null is as many as there are.</param>
/// <param name="HeaderContentType">Of an endpoint of HTTP.</param>
public sealed record DeliveryTerms(SubscriptionTarget Target, Uri? Url, bool IsRaw, RetrySchedule Schedule, int? MaxReceivesPerSecond, string HeaderContentType)
{
    /// <summary>The annotation of a topic that has its delivery policy, as Amazon SNS writes it; one that can't be read counts as none.</summary>
    internal const string TopicAnnotation = "DeliveryPolicy";

    private const string BinaryContentType = "application/octet-stream";

    internal static DeliveryTerms Of(SubscriptionDefinition definition, TopicDefinition topic)
    {
        DeliveryPolicy own = definition.DeliveryPolicy ?? DeliveryPolicy.None;
        var effective = EffectiveDeliveryPolicy.Of(PolicyOf(topic), own);
        // Schedules of other protocols are SNS's unless the subscription says otherwise: a topic's policy is for HTTP.
        RetrySchedule schedule = definition.Target switch
        {
            SubscriptionTarget.OfEndpoint => effective.Retry.Schedule,
            SubscriptionTarget.OfFunction => own.HealthyRetry?.Schedule ?? RetrySchedule.Managed,
            _ => own.HealthyRetry?.Schedule ?? RetrySchedule.CustomerManaged,
        };
        int? rate = definition.Target is SubscriptionTarget.OfEndpoint ? effective.MaxReceivesPerSecond : own.MaxReceivesPerSecond;
        string? url = definition.Target switch
        {
            SubscriptionTarget.OfEndpoint endpoint => endpoint.Url,
            SubscriptionTarget.OfFunction function => function.Url,
            _ => null,
        };
        return new DeliveryTerms(definition.Target, url is null ? null : new Uri(url), definition.Raw, schedule, rate, effective.HeaderContentType);
    }

    /// <summary>What a message is sent as that is delivered raw: the policy's word, else the message's own, else text where it is text.</summary>
    /// <param name="policy">The subscription's policy.</param>
    /// <param name="contentType">The message's own; null without.</param>
    /// <param name="isText">It is UTF-8.</param>
    internal static string RawContentType(DeliveryPolicy? policy, string? contentType, bool isText) =>
        policy?.HeaderContentType ?? contentType ?? (isText ? HeaderContentTypes.Default : BinaryContentType);

    private static TopicDeliveryPolicy PolicyOf(TopicDefinition topic)
    {
        if (!topic.Annotations.TryGetValue(TopicAnnotation, out string? json)) return TopicDeliveryPolicy.None;
        Result<TopicDeliveryPolicy> policy = DeliveryPolicyReader.ReadTopic(json);
        return policy.IsOk ? policy.Value : TopicDeliveryPolicy.None;
    }
}
