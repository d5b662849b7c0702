using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Topics;
using Messaging.Broker;
using Messaging.Broker.Names;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Topics;

namespace Messaging.Aws.Subscriptions;

/// <summary>The subscription that a call names by its ARN, for whoever may do this with it: the account of its topic. And the bounds that are over all subscriptions.</summary>
internal static class SubscriptionAccess
{
    public static async ValueTask<(AwsError? Refused, SubscriptionDescription? Subscription)> DescribeAsync(Call call, string arn, string action)
    {
        if (SnsArns.ReadSubscription(call, arn, out TopicKey topic, out Guid id) is { } wrong)
            return (wrong, null);
        if (TopicAccess.Authorize(call, action, topic, call.Broker.Topics.TryGetDefinition(topic, out TopicDefinition? definition) ? definition : null) is { } denied)
            return (denied, null);
        Result<SubscriptionDescription> found = await call.Broker.Subscriptions.FindAsync(id, call.Http.RequestAborted);
        if (!found.IsOk)
            return (SnsRefusals.Of(found.Error), null);
        return found.Value.Key.Topic == topic ? (null, found.Value) : (SnsRefusals.NoSubscription, null);
    }

    public static SubscriptionView View(Call call, SubscriptionDescription subscription) => new(
        subscription, SnsArns.Of(call, subscription.Key.Topic), SnsArns.Of(call, subscription), call.RegionOf(subscription.Key.Topic.Namespace),
        call.Broker.Topics.TryGetDefinition(subscription.Key.Topic, out TopicDefinition? topic) ? topic : null);

    /// <summary>Whether the topic and its account may have a filter policy more.</summary>
    public static async ValueTask<AwsError?> CheckFiltersAsync(Call call, TopicKey topic)
    {
        Result<SubscriptionCounts> counts = await call.Broker.Subscriptions.CountAsync(topic, call.Http.RequestAborted);
        if (!counts.IsOk)
            return SnsRefusals.Of(counts.Error);
        return counts.Value.FiltersOfTopic >= SnsLimits.FilterPoliciesPerTopicMax ? Exceeded("topic", SnsLimits.FilterPoliciesPerTopicMax)
            : counts.Value.FiltersOfAccount >= SnsLimits.FilterPoliciesPerAccountMax ? Exceeded("account", SnsLimits.FilterPoliciesPerAccountMax)
            : null;
    }

    private static AwsError Exceeded(string of, int most) => new(AwsErrorCode.FilterPolicyLimitExceeded, $"The {of} has {most} filter policies, which is the most that it may have.");
}
