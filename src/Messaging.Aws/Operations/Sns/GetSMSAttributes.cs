using Messaging.Aws.Documents;
using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Sms;
using Messaging.Aws.Topics;
using Messaging.Aws.Wire;

namespace Messaging.Aws.Operations.Sns;

/// <summary>GetSMSAttributes: those that are asked for, or all.</summary>
internal sealed class GetSMSAttributes() : SnsOperation<GetSMSAttributes.Request>(nameof(GetSMSAttributes), Table)
{
    private static readonly MemberTable Table = new(required: 0, "attributes");

    public override bool HasResult => true;

    public override void Read<TMembers>(ref TMembers members, int member, Request request) => MemberTexts.Read(ref members, request.Names);

    protected override async ValueTask<AwsError?> InvokeAsync(Call call, Request request)
    {
        if (TopicAccess.Authorize(call, Name, call.Account) is { } denied)
            return denied;
        (AwsError? refused, request.Attributes) = await AttributeDocument.GetAsync(call, AttributeDocument.Key(call, SmsAttributes.Kind, SmsAttributes.Document));
        return refused;
    }

    protected override void Write(IAnswer answer, Request request) => MemberText.WriteMap(answer, "attributes"u8, SmsAttributes.Shown(request.Attributes, request.Names));

    internal sealed class Request
    {
        public readonly List<string> Names = [];
        public Dictionary<string, string>? Attributes;
    }
}
