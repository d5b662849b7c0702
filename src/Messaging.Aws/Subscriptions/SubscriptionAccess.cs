using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Topics;
using Messaging.Broker;
using Messaging.Broker.Catalog;
using Messaging.Broker.Names;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Topics;

namespace Messaging.Aws.Subscriptions;

/// <summary>What becomes of a subscription's definition, or why nothing does.</summary>
internal delegate AwsError? SubscriptionChange(SubscriptionDraft draft);

/// <summary>The subscription that a call names by its ARN, for whoever may do this with it: the account of its topic. And the bounds that are over all subscriptions.</summary>
internal static class SubscriptionAccess
{
    private static readonly AwsError Busy = new(AwsErrorCode.Throttled, "The subscription is being changed by many at once; try again.");

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

    /// <summary>Changes a definition that is there: what is decided is decided on the version that is replaced, else once more.</summary>
    public static async ValueTask<AwsError?> EditAsync(Call call, string arn, string action, SubscriptionChange change)
    {
        for (int tries = 0; tries < AwsLimits.EditTriesMax; tries++)
        {
            (AwsError? refused, SubscriptionDescription? found) = await DescribeAsync(call, arn, action);
            if (refused is not null)
                return refused;
            SubscriptionDescription subscription = found!;
            var draft = new SubscriptionDraft(subscription.Key.Topic, call.RegionOf(subscription.Key.Topic.Namespace), subscription.Definition);
            if (change(draft) is { } wrong)
                return wrong;
            TopicDefinition? topic = call.Broker.Topics.TryGetDefinition(draft.Topic, out TopicDefinition? definition) ? definition : null;
            if (Replays.Check(draft, topic, subscription.Replay) is { } unfit)
                return unfit;
            if (subscription.Definition.Filter is null && draft.Definition.Filter is not null && await CheckFiltersAsync(call, draft.Topic) is { } exceeded)
                return exceeded;
            Result<PutSubscriptionResult> put = await call.Broker.Subscriptions.PutAsync(
                subscription.Key, draft.Definition, new Precondition { Versions = [subscription.Version] }, CancellationToken.None);
            if (put.IsOk)
                return await Replays.ApplyAsync(call, subscription.Key, draft);
            if (put.Error.Code != ErrorCode.PreconditionFailed)
                return put.Error.Field == "deadLetter.queue" ? SnsRefusals.Invalid($"RedrivePolicy: {put.Error.Detail}") : SnsRefusals.Of(put.Error);
        }
        return Busy;
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
