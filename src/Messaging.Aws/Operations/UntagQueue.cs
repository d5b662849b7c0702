using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Wire;
using Messaging.Broker.Queues;

namespace Messaging.Aws.Operations;

/// <summary>UntagQueue: removes the tags of these keys; a key that the queue does not have is no error.</summary>
internal sealed class UntagQueue() : Operation<UntagQueue.Request>(nameof(UntagQueue), Table)
{
    private const int QueueUrl = 0;

    private static readonly MemberTable Table = new(required: 2, "QueueUrl", "TagKeys");

    public override void Read<TMembers>(ref TMembers members, int member, Request request)
    {
        if (member == QueueUrl)
            request.QueueUrl = members.Text();
        else
            MemberTexts.Read(ref members, request.Keys);
    }

    protected override ValueTask<AwsError?> InvokeAsync(Call call, Request request) =>
        QueueEdit.RunAsync(call, request.QueueUrl, Name, (QueueDescription queue, out QueueDefinition next) =>
        {
            next = queue.Definition with
            {
                Tags = queue.Definition.Tags.Where(tag => !request.Keys.Contains(tag.Key)).ToDictionary(StringComparer.Ordinal),
            };
            return null;
        });

    internal sealed class Request
    {
        public ReadOnlyMemory<byte> QueueUrl;
        public readonly HashSet<string> Keys = new(StringComparer.Ordinal);
    }
}
