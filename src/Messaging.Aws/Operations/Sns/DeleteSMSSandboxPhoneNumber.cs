using Messaging.Aws.Documents;
using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Sms;
using Messaging.Aws.Topics;
using Messaging.Aws.Wire;

namespace Messaging.Aws.Operations.Sns;

/// <summary>DeleteSMSSandboxPhoneNumber: one that is not there is refused.</summary>
internal sealed class DeleteSMSSandboxPhoneNumber() : SnsOperation<DeleteSMSSandboxPhoneNumber.Request>(nameof(DeleteSMSSandboxPhoneNumber), Table)
{
    private static readonly MemberTable Table = new(required: 1, "PhoneNumber");

    public override bool HasResult => true;

    public override void Read<TMembers>(ref TMembers members, int member, Request request) => request.Number = MemberText.Read(ref members);

    protected override async ValueTask<AwsError?> InvokeAsync(Call call, Request request) =>
        TopicAccess.Authorize(call, Name, call.Account) ?? SandboxNumbers.Check(request.Number)
        ?? await AttributeDocument.DeleteAsync(call, AttributeDocument.Key(call, SandboxNumbers.Kind, request.Number), SandboxNumbers.Missing);

    internal sealed class Request
    {
        public string Number = "";
    }
}
