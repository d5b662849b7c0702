using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Topics;
using Messaging.Aws.Wire;

namespace Messaging.Aws.Operations.Sns;

/// <summary>ListOriginationNumbers: none. Numbers to send from are the gateway's.</summary>
internal sealed class ListOriginationNumbers() : SnsOperation<ListOriginationNumbers.Request>(nameof(ListOriginationNumbers), Table)
{
    private const int NextToken = 0;

    private static readonly MemberTable Table = new(required: 0, "NextToken", "MaxResults");

    public override bool HasResult => true;

    public override void Read<TMembers>(ref TMembers members, int member, Request request)
    {
        if (member == NextToken)
            request.NextToken = MemberText.Read(ref members);
        else
            request.Max = members.Integer();
    }

    protected override ValueTask<AwsError?> InvokeAsync(Call call, Request request) => ValueTask.FromResult(
        TopicAccess.Authorize(call, Name, call.Account) ?? SnsRefusals.Range("MaxResults", request.Max, SnsLimits.OriginationPageMax)
        ?? (request.NextToken.Length == 0 ? null : SnsRefusals.Invalid("NextToken")));

    protected override void Write(IAnswer answer, Request request)
    {
        answer.BeginList("PhoneNumbers"u8, "member"u8);
        answer.EndList();
    }

    internal sealed class Request
    {
        public string NextToken = "";
        public int? Max;
    }
}
