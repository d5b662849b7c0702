using System.Text;
using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Policies;
using Messaging.Aws.Queues;
using Messaging.Aws.Wire;
using Messaging.Broker.Queues;

namespace Messaging.Aws.Operations;

/// <summary>RemovePermission: takes the statement of this label out of the queue's policy; with the last one the policy goes.</summary>
internal sealed class RemovePermission() : Operation<RemovePermission.Request>(nameof(RemovePermission), Table)
{
    private const int QueueUrl = 0;

    private static readonly MemberTable Table = new(required: 2, "QueueUrl", "Label");

    public override void Read<TMembers>(ref TMembers members, int member, Request request)
    {
        if (member == QueueUrl)
            request.QueueUrl = members.Text();
        else
            request.Label = Encoding.UTF8.GetString(members.Text().Span);
    }

    protected override ValueTask<AwsError?> InvokeAsync(Call call, Request request) =>
        QueueEdit.RunAsync(call, request.QueueUrl, Name, (QueueDescription queue, out QueueDefinition next) =>
        {
            string? policy = DefinitionDraft.Annotation(queue.Definition, QueuePolicies.Access);
            AwsError? refused = PolicyEditor.RemovePermission(policy, call.ArnOf(queue.Key).ToString(), request.Label, out string text);
            next = DefinitionDraft.Annotated(queue.Definition, QueuePolicies.Access, text);
            return refused;
        });

    internal sealed class Request
    {
        public ReadOnlyMemory<byte> QueueUrl;
        public string Label = "";
    }
}
