using Messaging.Aws.Documents;
using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Sms;
using Messaging.Aws.Topics;
using Messaging.Aws.Wire;

namespace Messaging.Aws.Operations.Sns;

/// <summary>VerifySMSSandboxPhoneNumber: by the one-time password, which is never right, since none is sent.</summary>
internal sealed class VerifySMSSandboxPhoneNumber() : SnsOperation<VerifySMSSandboxPhoneNumber.Request>(nameof(VerifySMSSandboxPhoneNumber), Table)
{
    private const int PhoneNumber = 0;

    private static readonly MemberTable Table = new(required: 2, "PhoneNumber", "OneTimePassword");

    public override bool HasResult => true;

    public override void Read<TMembers>(ref TMembers members, int member, Request request)
    {
        string text = MemberText.Read(ref members);
        if (member == PhoneNumber)
            request.Number = text;
    }

    protected override async ValueTask<AwsError?> InvokeAsync(Call call, Request request)
    {
        if ((TopicAccess.Authorize(call, Name, call.Account) ?? SandboxNumbers.Check(request.Number)) is { } wrong)
            return wrong;
        (AwsError? refused, Dictionary<string, string>? number) = await AttributeDocument.GetAsync(call, AttributeDocument.Key(call, SandboxNumbers.Kind, request.Number));
        return refused ?? (number is null ? SandboxNumbers.Missing : SandboxNumbers.WrongPassword);
    }

    internal sealed class Request
    {
        public string Number = "";
    }
}
