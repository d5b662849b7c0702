using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Messages;
using Messaging.Aws.Wire;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Aws.Operations;

/// <summary>ChangeMessageVisibility: of one message that was received.</summary>
internal sealed class ChangeMessageVisibility() : Operation<ChangeMessageVisibility.Request>(nameof(ChangeMessageVisibility), Table)
{
    private const int QueueUrl = 0, Handle = 1;

    private static readonly MemberTable Table = new(required: 3, "QueueUrl", "ReceiptHandle", "VisibilityTimeout");

    public override void Read<TMembers>(ref TMembers members, int member, Request request)
    {
        if (member == QueueUrl)
            request.QueueUrl = members.Text();
        else if (member == Handle)
            request.Entry.Handle = members.Text();
        else
            request.Entry.VisibilitySeconds = members.Integer();
    }

    protected override async ValueTask<AwsError?> InvokeAsync(Call call, Request request)
    {
        if (call.Find(request.QueueUrl, Name, out QueueKey queue, out QueueDefinition definition) is { } notFound)
            return await call.ToldAsync(notFound, queue);
        return await VisibilityChanges.RunAsync(call, queue, definition, [request.Entry]) ?? request.Entry.Error;
    }

    internal sealed class Request
    {
        public ReadOnlyMemory<byte> QueueUrl;
        public readonly HandleEntry Entry = new();
    }
}
