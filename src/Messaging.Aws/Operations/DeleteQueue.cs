using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Wire;
using Messaging.Broker;
using Messaging.Broker.Names;

namespace Messaging.Aws.Operations;

/// <summary>DeleteQueue: the queue and its messages are gone when it answers. Again within a minute it is no error; and in that minute the name can't be used again.</summary>
internal sealed class DeleteQueue() : Operation<DeleteQueue.Request>(nameof(DeleteQueue), Table)
{
    private static readonly MemberTable Table = new(required: 1, "QueueUrl");

    public override void Read<TMembers>(ref TMembers members, int member, Request request) => request.QueueUrl = members.Text();

    protected override async ValueTask<AwsError?> InvokeAsync(Call call, Request request)
    {
        if (call.Find(request.QueueUrl, Name, out QueueKey queue, out _) is { } refused)
        {
            AwsError? told = await call.ToldAsync(refused, queue);
            return refused.Code == AwsErrorCode.QueueDoesNotExist && call.Front.CoolDowns.IsDeleted(queue) ? null : told;
        }
        Result<bool> deleted = await call.Broker.Queues.DeleteAsync(queue, default, evenIfInUse: true, CancellationToken.None);
        if (!deleted.IsOk)
            return BrokerErrors.Of(deleted.Error);
        call.Front.CoolDowns.Deleted(queue);
        return null;
    }

    internal sealed class Request
    {
        public ReadOnlyMemory<byte> QueueUrl;
    }
}
