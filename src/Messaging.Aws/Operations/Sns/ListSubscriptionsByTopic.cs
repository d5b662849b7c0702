using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Subscriptions;
using Messaging.Aws.Topics;
using Messaging.Aws.Wire;
using Messaging.Broker.Topics;

namespace Messaging.Aws.Operations.Sns;

/// <summary>ListSubscriptionsByTopic: those of one topic, by pages.</summary>
internal sealed class ListSubscriptionsByTopic() : SnsOperation<ListSubscriptionsByTopic.Request>(nameof(ListSubscriptionsByTopic), Table)
{
    private const int TopicArn = 0;

    private static readonly MemberTable Table = new(required: 1, "TopicArn", "NextToken");

    public override bool HasResult => true;

    public override void Read<TMembers>(ref TMembers members, int member, Request request)
    {
        if (member == TopicArn)
            request.TopicArn = MemberText.Read(ref members);
        else
            request.Pages.NextToken = MemberText.Read(ref members);
    }

    protected override async ValueTask<AwsError?> InvokeAsync(Call call, Request request)
    {
        (AwsError? refused, TopicDescription? topic) = await TopicAccess.DescribeAsync(call, request.TopicArn, "TopicArn", Name);
        return refused ?? request.Pages.Take(call, await call.Broker.Subscriptions.ListAsync(
            topic!.Key, null, SnsLimits.PageSize, request.Pages.NextToken.Length == 0 ? null : request.Pages.NextToken, call.Http.RequestAborted));
    }

    protected override void Write(IAnswer answer, Request request) => request.Pages.Write(answer);

    internal sealed class Request
    {
        public string TopicArn = "";
        public readonly SubscriptionPages Pages = new();
    }
}
