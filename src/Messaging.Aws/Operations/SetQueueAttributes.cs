using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Queues;
using Messaging.Aws.Wire;
using Messaging.Broker.Queues;

namespace Messaging.Aws.Operations;

/// <summary>SetQueueAttributes: changes what is given and leaves the rest; in force when it answers.</summary>
internal sealed class SetQueueAttributes() : Operation<SetQueueAttributes.Request>(nameof(SetQueueAttributes), Table)
{
    private const int QueueUrl = 0;

    private static readonly MemberTable Table = new(required: 2, "QueueUrl", "Attributes");

    public override void Read<TMembers>(ref TMembers members, int member, Request request)
    {
        if (member == QueueUrl)
            request.QueueUrl = members.Text();
        else
            TagRules.Read(ref members, request.Attributes);
    }

    protected override ValueTask<AwsError?> InvokeAsync(Call call, Request request) =>
        QueueEdit.RunAsync(call, request.QueueUrl, Name, (QueueDescription queue, out QueueDefinition next) =>
        {
            var draft = new DefinitionDraft(queue.Key, call.Region, queue.Definition, isNew: false);
            AwsError? refused = QueueAttributes.Set(draft, request.Attributes);
            next = draft.Definition;
            return refused ?? DeadLetterTarget.Check(call, queue.Key, queue.Definition, next);
        });

    internal sealed class Request
    {
        public ReadOnlyMemory<byte> QueueUrl;
        public readonly Dictionary<string, string> Attributes = new(StringComparer.Ordinal);
    }
}
