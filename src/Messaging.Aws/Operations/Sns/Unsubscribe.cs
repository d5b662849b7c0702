using Messaging.Aws.Auth;
using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Subscriptions;
using Messaging.Aws.Topics;
using Messaging.Aws.Wire;
using Messaging.Broker;
using Messaging.Broker.Names;
using Messaging.Broker.Subscriptions;

namespace Messaging.Aws.Operations.Sns;

/// <summary>
/// Unsubscribe: ends a subscription; one that is not there is no error. Whoever has its ARN, as in the link of a notification, may end it without a signature: nobody can guess the id in it; unless who confirmed it wanted otherwise. A call that is signed is
/// held against the topic's policy.
/// </summary>
internal sealed class Unsubscribe() : SnsOperation<Unsubscribe.Request>(nameof(Unsubscribe), Table)
{
    private static readonly MemberTable Table = new(required: 1, "SubscriptionArn");

    public override void Read<TMembers>(ref TMembers members, int member, Request request) => request.SubscriptionArn = MemberText.Read(ref members);

    protected override async ValueTask<AwsError?> InvokeAsync(Call call, Request request)
    {
        SubscriptionDescription? subscription;
        AwsError? refused;
        if (call.Caller.IsAnonymous)
            (refused, subscription) = await FindAsync(call, request.SubscriptionArn);
        else
            (refused, subscription) = await SubscriptionAccess.DescribeAsync(call, request.SubscriptionArn, Name);
        if (refused is not null)
            return refused == SnsRefusals.NoSubscription || refused == SnsRefusals.NoTopic ? null : refused;
        if (call.Caller.IsAnonymous && call.Front.IsClosed && Annotations.Of(subscription!.Definition.Annotations, SubscriptionAttributes.Authenticated) is not null)
            return AuthenticationErrors.Missing;
        Result<bool> deleted = await call.Broker.Subscriptions.DeleteAsync(subscription!.Key, default, CancellationToken.None);
        return deleted.IsOk || deleted.Error.Code is ErrorCode.SubscriptionNotFound or ErrorCode.TopicNotFound ? null : SnsRefusals.Of(deleted.Error);
    }

    private static async ValueTask<(AwsError? Refused, SubscriptionDescription? Subscription)> FindAsync(Call call, string arn)
    {
        if (SnsArns.ReadSubscription(call, arn, out TopicKey topic, out Guid id) is { } wrong)
            return (wrong, null);
        Result<SubscriptionDescription> found = await call.Broker.Subscriptions.FindAsync(id, call.Http.RequestAborted);
        return found.IsOk && found.Value.Key.Topic == topic ? (null, found.Value) : (SnsRefusals.NoSubscription, null);
    }

    internal sealed class Request
    {
        public string SubscriptionArn = "";
    }
}
