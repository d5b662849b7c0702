using Messaging.Aws.Documents;
using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Sms;
using Messaging.Aws.Topics;
using Messaging.Aws.Wire;
using Messaging.Broker;
using Messaging.Broker.Documents;

namespace Messaging.Aws.Operations.Sns;

/// <summary>CreateSMSSandboxPhoneNumber: a destination number that waits to be verified; again is as good as once.</summary>
internal sealed class CreateSMSSandboxPhoneNumber() : SnsOperation<CreateSMSSandboxPhoneNumber.Request>(nameof(CreateSMSSandboxPhoneNumber), Table)
{
    private const int PhoneNumber = 0;

    private static readonly MemberTable Table = new(required: 1, "PhoneNumber", "LanguageCode");

    public override bool HasResult => true;

    public override void Read<TMembers>(ref TMembers members, int member, Request request)
    {
        if (member == PhoneNumber)
            request.Number = MemberText.Read(ref members);
        else
            request.Language = MemberText.Read(ref members);
    }

    protected override async ValueTask<AwsError?> InvokeAsync(Call call, Request request)
    {
        if ((TopicAccess.Authorize(call, Name, call.Account) ?? SandboxNumbers.Check(request.Number) ?? SandboxNumbers.CheckLanguage(request.Language)) is { } wrong)
            return wrong;
        (AwsError? refused, Dictionary<string, string>? optedOut) = await AttributeDocument.GetAsync(call, AttributeDocument.Key(call, OptedOutNumbers.Kind, request.Number));
        if (refused is not null || optedOut is not null)
            return refused ?? new AwsError(AwsErrorCode.OptedOut, "The phone number is opted out.");
        Result<DocumentPage> numbers = await call.Broker.Documents.ListAsync(
            AttributeDocument.Key(call, SandboxNumbers.Kind, ""), SnsLimits.SandboxNumbersMax, null, call.Http.RequestAborted);
        if (!numbers.IsOk)
            return SnsRefusals.Of(numbers.Error);
        Dictionary<string, string> made = SandboxNumbers.New();
        bool isFull = numbers.Value.Documents.Count >= SnsLimits.SandboxNumbersMax;
        return await AttributeDocument.ChangeAsync(
            call, AttributeDocument.Key(call, SandboxNumbers.Kind, request.Number), (Dictionary<string, string>? number, out Dictionary<string, string>? next) =>
            {
                next = made;
                return number is null && isFull ? SandboxNumbers.TooMany : null;
            });
    }

    internal sealed class Request
    {
        public string Number = "";
        public string Language = "";
    }
}
