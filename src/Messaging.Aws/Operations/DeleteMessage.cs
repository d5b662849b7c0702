using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Messages;
using Messaging.Aws.Wire;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Aws.Operations;

/// <summary>DeleteMessage: the message is done, on the disk. Hot path.</summary>
internal sealed class DeleteMessage() : Operation<DeleteMessage.Request>(nameof(DeleteMessage), Table)
{
    private const int QueueUrl = 0;

    private static readonly MemberTable Table = new(required: 2, "QueueUrl", "ReceiptHandle");

    public override void Read<TMembers>(ref TMembers members, int member, Request request)
    {
        if (member == QueueUrl)
            request.QueueUrl = members.Text();
        else
            request.Entry.Handle = members.Text();
    }

    protected override async ValueTask<AwsError?> InvokeAsync(Call call, Request request)
    {
        if (call.Find(request.QueueUrl, Name, out QueueKey queue, out QueueDefinition definition) is { } notFound)
            return await call.ToldAsync(notFound, queue);
        return await Deletions.RunAsync(call, queue, definition, [request.Entry]) ?? request.Entry.Error;
    }

    internal sealed class Request
    {
        public ReadOnlyMemory<byte> QueueUrl;
        public readonly HandleEntry Entry = new();
    }
}
