using System.Text;
using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Policies;
using Messaging.Aws.Queues;
using Messaging.Aws.Wire;
using Messaging.Broker.Queues;

namespace Messaging.Aws.Operations;

/// <summary>AddPermission: a statement of the queue's policy, under a label, that lets other accounts do some things.</summary>
internal sealed class AddPermission() : Operation<AddPermission.Request>(nameof(AddPermission), Table)
{
    private const int QueueUrl = 0, Label = 1, Accounts = 2;

    private static readonly MemberTable Table = new(required: 4, "QueueUrl", "Label", "AWSAccountIds", "Actions");

    public override void Read<TMembers>(ref TMembers members, int member, Request request)
    {
        if (member == QueueUrl)
            request.QueueUrl = members.Text();
        else if (member == Label)
            request.Label = Encoding.UTF8.GetString(members.Text().Span);
        else
            MemberTexts.Read(ref members, member == Accounts ? request.Accounts : request.Actions);
    }

    protected override ValueTask<AwsError?> InvokeAsync(Call call, Request request) =>
        QueueEdit.RunAsync(call, request.QueueUrl, Name, (QueueDescription queue, out QueueDefinition next) =>
        {
            string? policy = DefinitionDraft.Annotation(queue.Definition, QueuePolicies.Access);
            AwsError? refused = PolicyEditor.AddPermission(policy, call.ArnOf(queue.Key).ToString(), request.Label, request.Accounts, request.Actions, out string text);
            next = DefinitionDraft.Annotated(queue.Definition, QueuePolicies.Access, text);
            return refused;
        });

    internal sealed class Request
    {
        public ReadOnlyMemory<byte> QueueUrl;
        public string Label = "";
        public readonly List<string> Accounts = [];
        public readonly List<string> Actions = [];
    }
}
