using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Messages;
using Messaging.Aws.Wire;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Aws.Operations;

/// <summary>DeleteMessageBatch: up to 10 messages are done, on the disk. Hot path.</summary>
internal sealed class DeleteMessageBatch() : Operation<DeleteMessageBatch.Request>(nameof(DeleteMessageBatch), Table)
{
    private const int QueueUrl = 0;

    private static readonly MemberTable Table = new(required: 2, "QueueUrl", "Entries");

    public override bool HasResult => true;

    public override void Read<TMembers>(ref TMembers members, int member, Request request)
    {
        if (member == QueueUrl)
            request.QueueUrl = members.Text();
        else
            HandleEntry.ReadAll(ref members, HandleEntry.DeleteMembers, request.Entries);
    }

    protected override async ValueTask<AwsError?> InvokeAsync(Call call, Request request)
    {
        if (call.Find(request.QueueUrl, nameof(DeleteMessage), out QueueKey queue, out QueueDefinition definition) is { } notFound)
            return await call.ToldAsync(notFound, queue);
        return BatchRules.Check(request.Entries, "DeleteMessageBatchRequestEntry", static entry => entry.Id)
            ?? await Deletions.RunAsync(call, queue, definition, request.Entries);
    }

    protected override void Write(IAnswer answer, Request request) =>
        HandleEntry.WriteAll(answer, "DeleteMessageBatchResultEntry"u8, request.Entries);

    internal sealed class Request
    {
        public ReadOnlyMemory<byte> QueueUrl;
        public readonly List<HandleEntry> Entries = [];
    }
}
