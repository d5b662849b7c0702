using Messaging.Aws.Documents;
using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Sms;
using Messaging.Aws.Topics;
using Messaging.Aws.Wire;

namespace Messaging.Aws.Operations.Sns;

/// <summary>OptInPhoneNumber: takes the number off the account's list; one that is not on it is no error.</summary>
internal sealed class OptInPhoneNumber() : SnsOperation<OptInPhoneNumber.Request>(nameof(OptInPhoneNumber), Table)
{
    private static readonly MemberTable Table = new(required: 1, "phoneNumber");

    public override bool HasResult => true;

    public override void Read<TMembers>(ref TMembers members, int member, Request request) => request.Number = MemberText.Read(ref members);

    protected override async ValueTask<AwsError?> InvokeAsync(Call call, Request request) =>
        TopicAccess.Authorize(call, Name, call.Account) ?? OptedOutNumbers.Check(request.Number)
        ?? await AttributeDocument.DeleteAsync(call, AttributeDocument.Key(call, OptedOutNumbers.Kind, request.Number));

    internal sealed class Request
    {
        public string Number = "";
    }
}
