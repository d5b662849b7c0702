using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Topics;
using Messaging.Aws.Wire;
using Messaging.Broker.Topics;

namespace Messaging.Aws.Operations.Sns;

/// <summary>RemovePermission: takes the statement of a label out of the topic's policy; with the last one the topic has the policy of its beginning.</summary>
internal sealed class RemovePermission() : SnsOperation<RemovePermission.Request>(nameof(RemovePermission), Table)
{
    private const int TopicArn = 0;

    private static readonly MemberTable Table = new(required: 2, "TopicArn", "Label");

    public override void Read<TMembers>(ref TMembers members, int member, Request request)
    {
        if (member == TopicArn)
            request.TopicArn = MemberText.Read(ref members);
        else
            request.Label = MemberText.Read(ref members);
    }

    protected override ValueTask<AwsError?> InvokeAsync(Call call, Request request) =>
        TopicAccess.EditAsync(call, request.TopicArn, "TopicArn", Name, (TopicDescription topic, out TopicDefinition next) =>
        {
            string policy = TopicPolicies.Text(topic.Definition, SnsArns.Of(call, topic.Key), topic.Key.Account);
            string text = TopicPolicies.RemovePermission(policy, request.Label);
            var draft = new TopicDraft(topic.Definition, isNew: false);
            if (text != policy)
                draft.Annotate(TopicPolicies.Attribute, text);
            next = draft.Definition;
            return null;
        });

    internal sealed class Request
    {
        public string TopicArn = "";
        public string Label = "";
    }
}
