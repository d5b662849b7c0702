using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Subscriptions;
using Messaging.Aws.Topics;
using Messaging.Aws.Wire;

namespace Messaging.Aws.Operations.Sns;

/// <summary>ListSubscriptions: those of all topics of the caller's account in this region, by pages.</summary>
internal sealed class ListSubscriptions() : SnsOperation<SubscriptionPages>(nameof(ListSubscriptions), Table)
{
    private static readonly MemberTable Table = new(required: 0, "NextToken");

    public override bool HasResult => true;

    public override void Read<TMembers>(ref TMembers members, int member, SubscriptionPages request) => request.NextToken = MemberText.Read(ref members);

    protected override async ValueTask<AwsError?> InvokeAsync(Call call, SubscriptionPages request) =>
        TopicAccess.Authorize(call, Name, call.Account) ?? request.Take(call, await call.Broker.Subscriptions.ListAllAsync(
            call.Account, call.Namespace, SnsLimits.PageSize, request.NextToken.Length == 0 ? null : request.NextToken, call.Http.RequestAborted));

    protected override void Write(IAnswer answer, SubscriptionPages request) => request.Write(answer);
}
