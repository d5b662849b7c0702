using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Topics;
using Messaging.Aws.Wire;
using Messaging.Broker.Topics;

namespace Messaging.Aws.Operations.Sns;

/// <summary>SetTopicAttributes: one attribute; without a value it is as it was at first.</summary>
internal sealed class SetTopicAttributes() : SnsOperation<SetTopicAttributes.Request>(nameof(SetTopicAttributes), Table)
{
    private const int TopicArn = 0, AttributeName = 1;

    private static readonly MemberTable Table = new(required: 2, "TopicArn", "AttributeName", "AttributeValue");

    public override void Read<TMembers>(ref TMembers members, int member, Request request)
    {
        string text = MemberText.Read(ref members);
        if (member == TopicArn)
            request.TopicArn = text;
        else if (member == AttributeName)
            request.Attribute = text;
        else
            request.Value = text;
    }

    protected override ValueTask<AwsError?> InvokeAsync(Call call, Request request) =>
        TopicAccess.EditAsync(call, request.TopicArn, "TopicArn", Name, (TopicDescription topic, out TopicDefinition next) =>
        {
            next = topic.Definition;
            if (!TopicAttributes.TryGet(request.Attribute, out _))
                return SnsRefusals.Invalid("AttributeName");
            var draft = new TopicDraft(topic.Definition, isNew: false);
            string? wrong = TopicAttributes.Set(draft, new Dictionary<string, string>(StringComparer.Ordinal) { [request.Attribute] = request.Value });
            next = draft.Definition;
            return wrong is null ? null : SnsRefusals.Invalid(wrong);
        });

    internal sealed class Request
    {
        public string TopicArn = "";
        public string Attribute = "";
        public string Value = "";
    }
}
