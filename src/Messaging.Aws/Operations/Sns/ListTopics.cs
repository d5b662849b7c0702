using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Topics;
using Messaging.Aws.Wire;
using Messaging.Broker;
using Messaging.Broker.Topics;

namespace Messaging.Aws.Operations.Sns;

/// <summary>ListTopics: the ARNs of the caller's topics in this region, in the order of their names, by pages. Topics whose names this protocol can't have are left out.</summary>
internal sealed class ListTopics() : SnsOperation<ListTopics.Request>(nameof(ListTopics), Table)
{
    private static readonly MemberTable Table = new(required: 0, "NextToken");

    public override bool HasResult => true;

    public override void Read<TMembers>(ref TMembers members, int member, Request request) => request.NextToken = MemberText.Read(ref members);

    protected override async ValueTask<AwsError?> InvokeAsync(Call call, Request request)
    {
        if (TopicAccess.Authorize(call, Name, call.Account) is { } refused)
            return refused;
        request.Next = request.NextToken.Length == 0 ? null : request.NextToken;
        for (int rounds = 0; rounds < AwsLimits.ListRoundsMax; rounds++)
        {
            Result<TopicPage> page = await call.Broker.Topics.ListAsync(
                call.Account, call.Namespace, null, SnsLimits.PageSize - request.Arns.Count, request.Next, call.Http.RequestAborted);
            if (!page.IsOk)
                return page.Error.Field == "pageToken" ? SnsRefusals.Invalid("NextToken") : SnsRefusals.Of(page.Error);
            foreach (TopicDescription topic in page.Value.Topics)
            {
                if (TopicNames.IsLegal(topic.Key.Name.Value))
                    request.Arns.Add(SnsArns.Of(call, topic.Key));
            }
            request.Next = page.Value.NextPageToken;
            if (request.Next is null || request.Arns.Count >= SnsLimits.PageSize)
                break;
        }
        return null;
    }

    protected override void Write(IAnswer answer, Request request)
    {
        answer.BeginList("Topics"u8, "member"u8);
        foreach (string arn in request.Arns)
        {
            answer.BeginItem();
            answer.Text("TopicArn"u8, XmlText.Legal(arn));
            answer.EndItem();
        }
        answer.EndList();
        if (request.Next is not null)
            answer.Text("NextToken"u8, XmlText.Legal(request.Next));
    }

    internal sealed class Request
    {
        public string NextToken = "";
        public readonly List<string> Arns = [];
        public string? Next;
    }
}
