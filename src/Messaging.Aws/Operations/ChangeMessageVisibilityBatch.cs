using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Messages;
using Messaging.Aws.Wire;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Aws.Operations;

/// <summary>ChangeMessageVisibilityBatch: of up to 10 messages that were received, each by its own entry.</summary>
internal sealed class ChangeMessageVisibilityBatch() : Operation<ChangeMessageVisibilityBatch.Request>(nameof(ChangeMessageVisibilityBatch), Table)
{
    private const int QueueUrl = 0;

    private static readonly MemberTable Table = new(required: 2, "QueueUrl", "Entries");

    public override bool HasResult => true;

    public override void Read<TMembers>(ref TMembers members, int member, Request request)
    {
        if (member == QueueUrl)
            request.QueueUrl = members.Text();
        else
            HandleEntry.ReadAll(ref members, HandleEntry.VisibilityMembers, request.Entries);
    }

    protected override async ValueTask<AwsError?> InvokeAsync(Call call, Request request)
    {
        if (call.Find(request.QueueUrl, nameof(ChangeMessageVisibility), out QueueKey queue, out QueueDefinition definition) is { } notFound)
            return await call.ToldAsync(notFound, queue);
        return BatchRules.Check(request.Entries, "ChangeMessageVisibilityBatchRequestEntry", static entry => entry.Id)
            ?? await VisibilityChanges.RunAsync(call, queue, definition, request.Entries);
    }

    protected override void Write(IAnswer answer, Request request) =>
        HandleEntry.WriteAll(answer, "ChangeMessageVisibilityBatchResultEntry"u8, request.Entries);

    internal sealed class Request
    {
        public ReadOnlyMemory<byte> QueueUrl;
        public readonly List<HandleEntry> Entries = [];
    }
}
