using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Broker;
using Messaging.Broker.Catalog;
using Messaging.Broker.Queues;

namespace Messaging.Aws.Operations;

/// <summary>What becomes of a definition: the next one, or why there is none.</summary>
internal delegate AwsError? DefinitionChange(QueueDescription queue, out QueueDefinition next);

/// <summary>
/// Changes a definition that is there: what is decided is decided on the version that is replaced, else once more. Control plane.
/// </summary>
internal static class QueueEdit
{
    private static readonly AwsError Busy = new(AwsErrorCode.Throttled, "The queue is being changed by many at once; try again.");

    public static async ValueTask<AwsError?> RunAsync(Call call, ReadOnlyMemory<byte> url, string action, DefinitionChange change)
    {
        for (int tries = 0; tries < AwsLimits.EditTriesMax; tries++)
        {
            (AwsError? refused, QueueDescription? found) = await call.DescribeAsync(url, action);
            if (refused is not null)
                return refused;
            QueueDescription queue = found!;
            if (change(queue, out QueueDefinition next) is { } wrong)
                return wrong;
            if (next == queue.Definition)
                return null;
            Result<PutQueueResult> put = await call.Broker.Queues.PutAsync(queue.Key, next, new Precondition { Versions = [queue.Version] }, CancellationToken.None);
            if (put.IsOk)
                return null;
            if (put.Error.Code != ErrorCode.PreconditionFailed)
                return put.Error.Code == ErrorCode.DeadLetterInvalid ? DeadLetterTarget.Refused(call, queue.Key, next, put.Error) : BrokerErrors.Of(put.Error);
        }
        return Busy;
    }
}
