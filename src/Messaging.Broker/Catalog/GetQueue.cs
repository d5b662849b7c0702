using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Storage;

namespace Messaging.Broker.Catalog;

/// <summary>A queue's definition and counts, of one moment, answered once that moment is synced.</summary>
internal sealed class GetQueue(QueueHost host)
{
    public async ValueTask<Result<QueueDescription>> RunAsync(QueueKey key, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Calls.Enter();
        cancellationToken.ThrowIfCancellationRequested();
        BrokerError? refusal = host.Find(key, out LiveQueue queue);
        if (refusal is not null && refusal.Code != ErrorCode.QueueNotFound) return refusal;
        QueueDescription? description = refusal is null ? Look(queue) : null;
        // That there is none may be a deletion that is not synced yet.
        await host.Engine.SyncedAsync();
        return description is null ? QueueHost.QueueNotFound(key) : description;
    }

    /// <summary>Inside a command.</summary>
    public static QueueDescription Describe(LiveQueue queue, long now) => new(
        queue.Key,
        queue.Definition!,
        queue.Version,
        DateTimeOffset.FromUnixTimeMilliseconds(queue.CreatedMs),
        DateTimeOffset.FromUnixTimeMilliseconds(queue.ModifiedMs),
        queue.Counts(now));

    private QueueDescription? Look(LiveQueue queue)
    {
        using Command command = host.Engine.BeginCommand(0);
        return queue.Deleted ? null : Describe(queue, host.Clock.NowMs());
    }
}
