using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Storage;

namespace Messaging.Broker.Catalog;

/// <summary>A page of the queues of which one is the dead-letter queue, in ordinal order of names; as <see cref="ListQueues"/> pages.</summary>
internal sealed class ListDeadLetterSources(QueueHost host)
{
    public async ValueTask<Result<QueueKeyPage>> RunAsync(QueueKey key, int pageSize, string? pageToken, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Calls.Enter();
        cancellationToken.ThrowIfCancellationRequested();
        var list = new PagedList("deadLetterSources", key.Account, key.Namespace, key.Name.Value);
        string? after = null;
        BrokerError? refusal = host.WhyStopping() ?? list.Read(pageSize, pageToken, out after);
        if (refusal is not null) return refusal;
        QueueKeyPage? page = Look(key, list, after, pageSize);
        // That the queue is not there may be a deletion that is not synced yet.
        await host.Engine.SyncedAsync();
        return page is null ? QueueHost.QueueNotFound(key) : page;
    }

    private QueueKeyPage? Look(QueueKey key, in PagedList list, string? after, int pageSize)
    {
        using Command command = host.Engine.BeginCommand(0);
        if (!host.Queues.TryGet(key, out _)) return null;
        List<QueueKey> keys = host.Queues.DeadLetters.PageOf(key, after, pageSize, out bool hasMore);
        return new QueueKeyPage(keys, hasMore ? list.TokenOf(keys[^1].Name.Value) : null);
    }
}
