using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Storage;

namespace Messaging.Broker.Catalog;

/// <summary>
/// A page of the queues of which one is the dead-letter queue, in ordinal order of names. The token is the last name of the page before, so that a list is stable
/// while queues come and go.
/// </summary>
internal sealed class ListDeadLetterSources(QueueHost host)
{
    public async ValueTask<Result<QueueKeyPage>> RunAsync(QueueKey key, int pageSize, string? pageToken, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Calls.Enter();
        cancellationToken.ThrowIfCancellationRequested();
        BrokerError? refusal = host.WhyStopping() ?? NamePages.Check(pageSize, pageToken);
        if (refusal is not null) return refusal;
        QueueKeyPage? page = Look(key, NamePages.NameIn(pageToken), pageSize);
        // That the queue is not there may be a deletion that is not synced yet.
        await host.Engine.SyncedAsync();
        return page is null ? QueueHost.QueueNotFound(key) : page;
    }

    private QueueKeyPage? Look(QueueKey key, string? after, int pageSize)
    {
        using Command command = host.Engine.BeginCommand(0);
        if (!host.Queues.TryGet(key, out _)) return null;
        List<QueueKey> keys = host.Queues.DeadLetters.PageOf(key, after, pageSize, out bool hasMore);
        return new QueueKeyPage(keys, hasMore ? NamePages.TokenOf(keys[^1].Name.Value) : null);
    }
}
