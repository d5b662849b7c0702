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
/// Unsubscribe: ends a subscription; one that is not there is no error. One that an endpoint or a mailbox has agreed to by its token ends without a signature too: whoever has its ARN, as in the link of a notification, is one
/// of those who get its messages, and nobody can guess the id in it; unless who confirmed it wanted otherwise. It is told how to have it back. Others, such as a queue's, end by their owner's signature. A call that is signed is held against the topic's policy.
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
        if (call.Caller.IsAnonymous && call.Front.IsClosed && !EndsByLink(subscription!.Definition))
            return AuthenticationErrors.Missing;
        Result<bool> deleted = call.Caller.IsAnonymous
            ? await call.Broker.Farewells.EndAsync(subscription!, CancellationToken.None)
            : await call.Broker.Subscriptions.DeleteAsync(subscription!.Key, default, CancellationToken.None);
        return deleted.IsOk || deleted.Error.Code is ErrorCode.SubscriptionNotFound or ErrorCode.TopicNotFound ? null : SnsRefusals.Of(deleted.Error);
    }

    private static async ValueTask<(AwsError? Refused, SubscriptionDescription? Subscription)> FindAsync(Call call, string arn)
    {
        if (SnsArns.ReadLinkedSubscription(call, arn, out TopicKey topic, out Guid id) is { } wrong)
            return (wrong, null);
        Result<SubscriptionDescription> found = await call.Broker.Subscriptions.FindAsync(id, call.Http.RequestAborted);
        return found.IsOk && found.Value.Key.Topic == topic ? (null, found.Value) : (SnsRefusals.NoSubscription, null);
    }

    private static bool EndsByLink(SubscriptionDefinition definition) =>
        definition is { Confirmed: false, Target: SubscriptionTarget.OfEndpoint or SubscriptionTarget.OfMail } && Annotations.Of(definition.Annotations, SubscriptionAttributes.Authenticated) is null;

    internal sealed class Request
    {
        public string SubscriptionArn = "";
    }
}
