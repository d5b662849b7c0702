using Messaging.Aws.Documents;
using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Sms;
using Messaging.Aws.Topics;
using Messaging.Aws.Wire;

namespace Messaging.Aws.Operations.Sns;

/// <summary>VerifySMSSandboxPhoneNumber: by the one-time password.</summary>
internal sealed class VerifySMSSandboxPhoneNumber() : SnsOperation<VerifySMSSandboxPhoneNumber.Request>(nameof(VerifySMSSandboxPhoneNumber), Table)
{
    private const int PhoneNumber = 0;

    private static readonly MemberTable Table = new(required: 2, "PhoneNumber", "OneTimePassword");

    public override bool HasResult => true;

    public override void Read<TMembers>(ref TMembers members, int member, Request request)
    {
        if (member == PhoneNumber)
            request.Number = MemberText.Read(ref members);
        else
            request.Password = MemberText.Read(ref members);
    }

    protected override async ValueTask<AwsError?> InvokeAsync(Call call, Request request) =>
        TopicAccess.Authorize(call, Name, call.Account) ?? SandboxNumbers.Check(request.Number)
        ?? await AttributeDocument.ChangeAsync(
            call, AttributeDocument.Key(call, SandboxNumbers.Kind, request.Number), (Dictionary<string, string>? number, out Dictionary<string, string>? next) =>
            {
                next = number;
                if (number is null)
                    return SandboxNumbers.Missing;
                if (number[SandboxNumbers.Status] == SandboxNumbers.Verified)
                    return null;
                if (!SandboxNumbers.IsPassword(number, request.Password))
                    return SandboxNumbers.WrongPassword;
                number[SandboxNumbers.Status] = SandboxNumbers.Verified;
                return null;
            });

    internal sealed class Request
    {
        public string Number = "";
        public string Password = "";
    }
}
