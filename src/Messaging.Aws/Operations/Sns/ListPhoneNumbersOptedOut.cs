using Messaging.Aws.Documents;
using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Sms;
using Messaging.Aws.Topics;
using Messaging.Aws.Wire;
using Messaging.Broker.Documents;

namespace Messaging.Aws.Operations.Sns;

/// <summary>ListPhoneNumbersOptedOut: the account's list, by pages.</summary>
internal sealed class ListPhoneNumbersOptedOut() : SnsOperation<ListPhoneNumbersOptedOut.Request>(nameof(ListPhoneNumbersOptedOut), Table)
{
    private static readonly MemberTable Table = new(required: 0, "nextToken");

    public override bool HasResult => true;

    public override void Read<TMembers>(ref TMembers members, int member, Request request) => request.NextToken = MemberText.Read(ref members);

    protected override async ValueTask<AwsError?> InvokeAsync(Call call, Request request)
    {
        if (TopicAccess.Authorize(call, Name, call.Account) is { } denied)
            return denied;
        (AwsError? refused, request.Page) = await DocumentPages.ReadAsync(call, AttributeDocument.Key(call, OptedOutNumbers.Kind, ""), request.NextToken, "nextToken");
        return refused;
    }

    protected override void Write(IAnswer answer, Request request)
    {
        answer.BeginList("phoneNumbers"u8, "member"u8);
        foreach (Document number in request.Page!.Documents)
            answer.Item(XmlText.Legal(number.Name));
        answer.EndList();
        if (request.Page.NextPageToken is { } next)
            answer.Text("nextToken"u8, XmlText.Legal(next));
    }

    internal sealed class Request
    {
        public string NextToken = "";
        public DocumentPage? Page;
    }
}
