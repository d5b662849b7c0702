using Messaging.Aws.Documents;
using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Sms;
using Messaging.Aws.Topics;
using Messaging.Aws.Wire;

namespace Messaging.Aws.Operations.Sns;

/// <summary>CheckIfPhoneNumberIsOptedOut: whether the account's list has the number.</summary>
internal sealed class CheckIfPhoneNumberIsOptedOut() : SnsOperation<CheckIfPhoneNumberIsOptedOut.Request>(nameof(CheckIfPhoneNumberIsOptedOut), Table)
{
    private static readonly MemberTable Table = new(required: 1, "phoneNumber");

    public override bool HasResult => true;

    public override void Read<TMembers>(ref TMembers members, int member, Request request) => request.Number = MemberText.Read(ref members);

    protected override async ValueTask<AwsError?> InvokeAsync(Call call, Request request)
    {
        if ((TopicAccess.Authorize(call, Name, call.Account) ?? OptedOutNumbers.Check(request.Number)) is { } wrong)
            return wrong;
        (AwsError? refused, Dictionary<string, string>? found) = await AttributeDocument.GetAsync(call, AttributeDocument.Key(call, OptedOutNumbers.Kind, request.Number));
        request.IsOptedOut = found is not null;
        return refused;
    }

    protected override void Write(IAnswer answer, Request request) => answer.Boolean("isOptedOut"u8, request.IsOptedOut);

    internal sealed class Request
    {
        public string Number = "";
        public bool IsOptedOut;
    }
}
