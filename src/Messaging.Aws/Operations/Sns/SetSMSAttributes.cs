using Messaging.Aws.Documents;
using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Sms;
using Messaging.Aws.Topics;
using Messaging.Aws.Wire;

namespace Messaging.Aws.Operations.Sns;

/// <summary>SetSMSAttributes: those that are given; the others stay.</summary>
internal sealed class SetSMSAttributes() : SnsOperation<SetSMSAttributes.Request>(nameof(SetSMSAttributes), Table)
{
    private static readonly MemberTable Table = new(required: 1, "attributes");

    public override bool HasResult => true;

    public override void Read<TMembers>(ref TMembers members, int member, Request request) => MemberText.ReadMap(ref members, request.Attributes);

    protected override async ValueTask<AwsError?> InvokeAsync(Call call, Request request) =>
        TopicAccess.Authorize(call, Name, call.Account) ?? SmsAttributes.Check(request.Attributes)
        ?? await AttributeDocument.MergeAsync(call, AttributeDocument.Key(call, SmsAttributes.Kind, SmsAttributes.Document), request.Attributes, missing: null);

    internal sealed class Request
    {
        public readonly Dictionary<string, string> Attributes = new(StringComparer.Ordinal);
    }
}
