using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Wire;
using Messaging.Broker;
using Messaging.Broker.Names;

namespace Messaging.Aws.Operations;

/// <summary>PurgeQueue: every message of the queue is gone when it answers, those in flight too. Once in a minute.</summary>
internal sealed class PurgeQueue() : Operation<PurgeQueue.Request>(nameof(PurgeQueue), Table)
{
    private static readonly MemberTable Table = new(required: 1, "QueueUrl");

    public override void Read<TMembers>(ref TMembers members, int member, Request request) => request.QueueUrl = members.Text();

    protected override async ValueTask<AwsError?> InvokeAsync(Call call, Request request)
    {
        if (call.Find(request.QueueUrl, Name, out QueueKey queue, out _) is { } refused)
            return await call.ToldAsync(refused, queue);
        if (!call.Front.CoolDowns.TryPurge(queue))
            return new AwsError(AwsErrorCode.PurgeQueueInProgress, $"Only one PurgeQueue operation on {queue.Name} is allowed every 60 seconds.");
        Result<long> purged = await call.Broker.Queues.PurgeAsync(queue, CancellationToken.None);
        if (purged.IsOk)
            return null;
        call.Front.CoolDowns.NotPurged(queue);
        return BrokerErrors.Of(purged.Error);
    }

    internal sealed class Request
    {
        public ReadOnlyMemory<byte> QueueUrl;
    }
}
