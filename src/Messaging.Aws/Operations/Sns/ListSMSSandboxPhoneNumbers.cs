using Messaging.Aws.Documents;
using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Sms;
using Messaging.Aws.Topics;
using Messaging.Aws.Wire;
using Messaging.Broker.Documents;

namespace Messaging.Aws.Operations.Sns;

/// <summary>ListSMSSandboxPhoneNumbers: the account's, with whether each is verified.</summary>
internal sealed class ListSMSSandboxPhoneNumbers() : SnsOperation<ListSMSSandboxPhoneNumbers.Request>(nameof(ListSMSSandboxPhoneNumbers), Table)
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

    protected override async ValueTask<AwsError?> InvokeAsync(Call call, Request request)
    {
        if ((TopicAccess.Authorize(call, Name, call.Account) ?? SnsRefusals.Range("MaxResults", request.Max, SnsLimits.PageSize)) is { } wrong)
            return wrong;
        (AwsError? refused, request.Page) = await DocumentPages.ReadAsync(
            call, AttributeDocument.Key(call, SandboxNumbers.Kind, ""), request.NextToken, "NextToken", request.Max ?? SnsLimits.PageSize);
        return refused;
    }

    protected override void Write(IAnswer answer, Request request)
    {
        answer.BeginList("PhoneNumbers"u8, "member"u8);
        foreach (Document number in request.Page!.Documents)
        {
            answer.BeginItem();
            answer.Text("PhoneNumber"u8, XmlText.Legal(number.Name));
            answer.Text("Status"u8, XmlText.Legal(AttributeDocument.Parse(number.Text)[SandboxNumbers.Status]));
            answer.EndItem();
        }
        answer.EndList();
        if (request.Page.NextPageToken is { } next)
            answer.Text("NextToken"u8, XmlText.Legal(next));
    }

    internal sealed class Request
    {
        public string NextToken = "";
        public int? Max;
        public DocumentPage? Page;
    }
}
