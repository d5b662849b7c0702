using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Topics;
using Messaging.Broker;
using Messaging.Broker.Names;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Topics;

namespace Messaging.Aws.Subscriptions;

/// <summary>
/// What follows from a ReplayPolicy that a call sets: of FIFO topics with an archive only, and one replay of a subscription at a time. The policy's text is kept with the definition, so that it reads back as it was set; the
/// replay itself is the broker's.
/// </summary>
internal static class Replays
{
    private static readonly AwsError Running = new(AwsErrorCode.ReplayLimitExceeded, "A message replay of the subscription is in progress.");

    /// <summary>Before the definition is changed: why the topic or the subscription, which may be new, can have no such replay now; null where it can.</summary>
    public static AwsError? Check(SubscriptionDraft draft, TopicDefinition? topic, SubscriptionReplay? now)
    {
        if (draft.Replay is not { } asked)
            return null;
        if (topic is not { Type: TopicType.Fifo } || Annotations.Of(topic.Annotations, TopicAttributes.Archive) is null)
            return SnsRefusals.Invalid($"{ReplayPolicy.Attribute}: can only be set on subscriptions of FIFO topics with an {TopicAttributes.Archive}");
        return asked.Policy is not null && now is { Status: ReplayStatus.Pending or ReplayStatus.InProgress } ? Running : null;
    }

    /// <summary>After it was changed. An archive without a message is replayed by that.</summary>
    public static async ValueTask<AwsError?> ApplyAsync(Call call, SubscriptionKey key, SubscriptionDraft draft)
    {
        if (draft.Replay is not { } asked)
            return null;
        Result<SubscriptionDescription> done = asked.Policy is { } policy
            ? await call.Broker.Subscriptions.ReplayAsync(key, policy.From, policy.ToMs, CancellationToken.None)
            : await call.Broker.Subscriptions.EndReplayAsync(key, CancellationToken.None);
        return done.IsOk || done.Error.Code == ErrorCode.NothingRetained ? null
            : done.Error.Code == ErrorCode.ReplayRunning ? Running
            : done.Error.Code == ErrorCode.InvalidValue ? SnsRefusals.Invalid($"{ReplayPolicy.Attribute}: {done.Error.Detail}")
            : SnsRefusals.Of(done.Error);
    }
}
