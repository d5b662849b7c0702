using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Topics;
using Messaging.Aws.Wire;
using Messaging.Broker.Topics;

namespace Messaging.Aws.Operations.Sns;

/// <summary>AddPermission: a statement of the topic's policy, under a label, that lets other accounts do some things.</summary>
internal sealed class AddPermission() : SnsOperation<AddPermission.Request>(nameof(AddPermission), Table)
{
    private const int TopicArn = 0, Label = 1, Accounts = 2;

    private static readonly MemberTable Table = new(required: 4, "TopicArn", "Label", "AWSAccountId", "ActionName");

    public override void Read<TMembers>(ref TMembers members, int member, Request request)
    {
        if (member == TopicArn)
            request.TopicArn = MemberText.Read(ref members);
        else if (member == Label)
            request.Label = MemberText.Read(ref members);
        else
            MemberTexts.Read(ref members, member == Accounts ? request.Accounts : request.Actions);
    }

    protected override ValueTask<AwsError?> InvokeAsync(Call call, Request request) =>
        TopicAccess.EditAsync(call, request.TopicArn, "TopicArn", Name, (TopicDescription topic, out TopicDefinition next) =>
        {
            string arn = SnsArns.Of(call, topic.Key);
            string policy = TopicPolicies.Text(topic.Definition, arn, topic.Key.Account);
            AwsError? refused = TopicPolicies.AddPermission(policy, arn, request.Label, request.Accounts, request.Actions, out string text);
            var draft = new TopicDraft(topic.Definition, isNew: false);
            if (refused is null)
                draft.Annotate(TopicPolicies.Attribute, text);
            next = draft.Definition;
            return refused;
        });

    internal sealed class Request
    {
        public string TopicArn = "";
        public string Label = "";
        public readonly List<string> Accounts = [];
        public readonly List<string> Actions = [];
    }
}
