using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Policies;
using Messaging.Broker;
using Messaging.Broker.Catalog;
using Messaging.Broker.Names;
using Messaging.Broker.Topics;

namespace Messaging.Aws.Topics;

/// <summary>What becomes of a topic's definition: the next one, or why there is none.</summary>
internal delegate AwsError? TopicChange(TopicDescription topic, out TopicDefinition next);

/// <summary>The topic that a call names, for whoever may do this with it.</summary>
internal static class TopicAccess
{
    private static readonly AwsError Busy = new(AwsErrorCode.Throttled, "The topic is being changed by many at once; try again.");

    /// <summary>Null where the caller may do this with the topic; for what concerns no topic, and for one that is not there, there is no definition.</summary>
    public static AwsError? Authorize(Call call, string action, in TopicKey topic, TopicDefinition? definition, string? protocol = null, string? endpoint = null)
    {
        if (!call.Front.IsClosed)
            return null;
        RequestContext context = RequestContext.Of(call.Http, call.Front.Clock.GetUtcNow()) with { SubscribedProtocol = protocol, SubscribedEndpoint = endpoint };
        var request = new PolicyRequest(call.Caller, action, topic.Name.Value.Length == 0 ? "*" : SnsArns.Of(call, topic), context) { Actions = PolicyActions.Sns };
        return call.Front.Authorizer.Authorize(request, topic.Account, definition is null ? null : TopicPolicies.Of(definition));
    }

    /// <summary>For what concerns no topic: the account's own keys may.</summary>
    public static AwsError? Authorize(Call call, string action, AccountId account) => Authorize(call, action, new TopicKey(account, call.Namespace, default), null);

    /// <summary>The topic at a synced point.</summary>
    public static async ValueTask<(AwsError? Refused, TopicDescription? Topic)> DescribeAsync(Call call, TopicKey topic, string action)
    {
        Result<TopicDescription> found = await call.Broker.Topics.GetAsync(topic, call.Http.RequestAborted);
        // Who may not ask is not told whether it is there.
        return found.IsOk
            ? (Authorize(call, action, topic, found.Value.Definition), found.Value)
            : (Authorize(call, action, topic, null) ?? SnsRefusals.Of(found.Error), null);
    }

    /// <summary>The same of the topic that a parameter names.</summary>
    public static async ValueTask<(AwsError? Refused, TopicDescription? Topic)> DescribeAsync(Call call, string arn, string parameter, string action) =>
        SnsArns.ReadTopic(call, arn, parameter, out TopicKey topic) is { } refused ? (refused, null) : await DescribeAsync(call, topic, action);

    /// <summary>Changes a definition that is there: what is decided is decided on the version that is replaced, else once more.</summary>
    public static async ValueTask<AwsError?> EditAsync(Call call, string arn, string parameter, string action, TopicChange change)
    {
        for (int tries = 0; tries < AwsLimits.EditTriesMax; tries++)
        {
            (AwsError? refused, TopicDescription? found) = await DescribeAsync(call, arn, parameter, action);
            if (refused is not null)
                return refused;
            TopicDescription topic = found!;
            if (change(topic, out TopicDefinition next) is { } wrong)
                return wrong;
            if (next == topic.Definition)
                return null;
            Result<PutTopicResult> put = await call.Broker.Topics.PutAsync(topic.Key, next, new Precondition { Versions = [topic.Version] }, CancellationToken.None);
            if (put.IsOk)
                return null;
            if (put.Error.Code != ErrorCode.PreconditionFailed)
                return SnsRefusals.Of(put.Error);
        }
        return Busy;
    }
}
