using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Storage;

namespace Messaging.Broker.Catalog;

/// <summary>The mirror's queues.</summary>
internal sealed class QueueMirror(QueueHost host, LocalCatalog catalog, CatalogJournal journal) : IMirrorPart
{
    public int Count => catalog.Count;

    public IEnumerable<ResourceKey> Keys => catalog.Names.ToArray().Select(static key => ResourceKey.Of(key));

    public CatalogRow? Find(in ResourceKey key, long? version) => TryGet(key) is { } queue ? Row(queue, version ?? queue.Version) : null;

    // Only of another history. A queue's type can't change and its messages must not die.
    public CatalogRow? InsteadOf(CatalogRow row, long version) =>
        TryGet(row.Key) is { } queue && queue.Definition!.Type != ((CatalogRow.OfQueue)row).Definition.Type ? Row(queue, version) : null;

    public int BytesMax(CatalogRow row) => CatalogJournal.BytesMax((CatalogRow.OfQueue)row);

    public void Apply(in Command command, CatalogRow row)
    {
        LiveQueue? queue = TryGet(row.Key);
        if (!row.IsDeleting) journal.Put(command, queue, (CatalogRow.OfQueue)row);
        else if (queue is not null) journal.Delete(command, queue, row.Version);
    }

    public ChangedDefinition Describe(in ResourceKey key, bool created) =>
        new(Queue: TryGet(key) is { } queue ? new PutQueueResult(GetQueue.Describe(queue, host.Clock.NowMs()), created) : null);

    private static CatalogRow.OfQueue Row(LiveQueue queue, long version) =>
        new(queue.Key, queue.CreatedVersion, version, IsDeleting: false, queue.CreatedMs, queue.ModifiedMs, queue.Definition!);

    private LiveQueue? TryGet(in ResourceKey key) => host.Queues.TryGet(key.To<QueueKey>(), out LiveQueue? queue) ? queue : null;
}
