using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Subscriptions;
using Messaging.Aws.Wire;

namespace Messaging.Aws.Operations.Sns;

/// <summary>SetSubscriptionAttributes: one attribute; an empty FilterPolicy or RedrivePolicy removes it. It holds from the next message on. A ReplayPolicy begins a replay, an empty one ends it.</summary>
internal sealed class SetSubscriptionAttributes() : SnsOperation<SetSubscriptionAttributes.Request>(nameof(SetSubscriptionAttributes), Table)
{
    private const int SubscriptionArn = 0, AttributeName = 1;

    private static readonly MemberTable Table = new(required: 2, "SubscriptionArn", "AttributeName", "AttributeValue");

    public override void Read<TMembers>(ref TMembers members, int member, Request request)
    {
        string text = MemberText.Read(ref members);
        if (member == SubscriptionArn)
            request.SubscriptionArn = text;
        else if (member == AttributeName)
            request.Attribute = text;
        else
            request.Value = text;
    }

    protected override ValueTask<AwsError?> InvokeAsync(Call call, Request request) => SubscriptionAccess.EditAsync(call, request.SubscriptionArn, Name, draft =>
    {
        if (!SubscriptionAttributes.TryGet(request.Attribute, out SubscriptionAttribute? attribute))
            return SnsRefusals.Invalid("AttributeName");
        return attribute.Set!(draft, request.Value) is { } wrong ? SnsRefusals.Invalid(wrong) : null;
    });

    internal sealed class Request
    {
        public string SubscriptionArn = "";
        public string Attribute = "";
        public string Value = "";
    }
}
