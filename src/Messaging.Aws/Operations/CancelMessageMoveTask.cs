using System.Text;
using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Queues;
using Messaging.Aws.Wire;
using Messaging.Broker;
using Messaging.Broker.Names;
using Messaging.Broker.Operations;

namespace Messaging.Aws.Operations;

/// <summary>CancelMessageMoveTask: ends a task that runs; what is moved stays moved.</summary>
internal sealed class CancelMessageMoveTask() : Operation<CancelMessageMoveTask.Request>(nameof(CancelMessageMoveTask), Table)
{
    private static readonly MemberTable Table = new(required: 1, "TaskHandle");

    public override bool HasResult => true;

    public override void Read<TMembers>(ref TMembers members, int member, Request request) => request.Handle = Encoding.UTF8.GetString(members.Text().Span);

    protected override async ValueTask<AwsError?> InvokeAsync(Call call, Request request)
    {
        if (!TaskHandle.TryParse(request.Handle, out TaskHandle handle))
            return Refusals.Invalid("Value for parameter TaskHandle is invalid.");
        (AwsError? refused, QueueKey queue) = await MoveSource.FindAsync(call, "TaskHandle", handle.Source.ToString(), Name);
        if (refused is not null)
            return refused;
        Result<LongOperation> found = await call.Broker.Operations.GetAsync(queue.Account, queue.Namespace, handle.Id, call.Http.RequestAborted);
        // The handle is the client's own text: the task must be one of the queue that the caller was authorized for.
        if (found.IsOk && found.Value.Queue != queue)
            return MoveSource.NotFound("TaskHandle");
        if (!found.IsOk)
            return found.Error.Code == ErrorCode.OperationNotFound ? MoveSource.NotFound("TaskHandle") : BrokerErrors.Of(found.Error);
        if (found.Value.Status != OperationStatus.Running)
            return Refusals.Invalid($"Value {Refusals.Shown(request.Handle)} for parameter TaskHandle is invalid. Reason: Only active tasks can be cancelled.");
        Result<LongOperation> cancelled = await call.Broker.Operations.CancelAsync(queue.Account, queue.Namespace, handle.Id, CancellationToken.None);
        if (!cancelled.IsOk)
            return BrokerErrors.Of(cancelled.Error);
        request.Moved = cancelled.Value.Moved;
        return null;
    }

    protected override void Write(IAnswer answer, Request request) => answer.Number("ApproximateNumberOfMessagesMoved"u8, request.Moved);

    internal sealed class Request
    {
        public string Handle = "";
        public long Moved;
    }
}
