using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Catalog;

/// <summary>What one change does to the catalog, while it is decided.</summary>
internal sealed class CatalogDraft(QueueDirectory queues, long version, int queueCount, long nowMs)
{
    private readonly List<CatalogRow> _rows = [];
    private readonly List<bool> _creates = [];

    public IReadOnlyList<CatalogRow> Rows => _rows;

    /// <summary>Per row, whether it creates its queue.</summary>
    public IReadOnlyList<bool> Creates => _creates;

    /// <summary>Upper bound of what the rows append to the journal.</summary>
    public int Bytes { get; private set; }

    /// <summary>Whether it is right may depend on what other queues there are: a dead-letter queue is named, or a queue goes that may be one.</summary>
    public bool IsLinked { get; private set; }

    /// <summary>Queues that there will be.</summary>
    public int QueueCount { get; private set; } = queueCount;

    public BrokerError? Decide(QueueChange change)
    {
        queues.TryGet(change.Key, out LiveQueue? queue);
        if (change.Define is null)
        {
            if (CatalogDecision.Delete(queue, change, queues.DeadLetters.Of(change.Key)) is { } refusal) return refusal;
            Delete(queue!);
            return null;
        }

        Result<QueueDefinition> defined = CatalogDecision.Put(queue, change, QueueCount, queues.DefinitionOf);
        if (defined.IsOk) Put(change.Key, queue, defined.Value);
        return defined.Error;
    }

    /// <summary>The queue is to be as defined, and new where it is null.</summary>
    public void Put(QueueKey key, LiveQueue? queue, QueueDefinition definition)
    {
        if (queue is null) QueueCount++;
        long next = version + _rows.Count + 1;
        Add(new CatalogRow(key, queue is null ? next : 0, next, IsDeleting: false, queue?.CreatedMs ?? nowMs, nowMs, definition), queue is null);
    }

    public void Delete(LiveQueue queue)
    {
        QueueCount--;
        Add(new CatalogRow(queue.Key, 0, version + _rows.Count + 1, IsDeleting: true, queue.CreatedMs, nowMs, queue.Definition!), creates: false);
    }

    private void Add(CatalogRow row, bool creates)
    {
        _rows.Add(row);
        _creates.Add(creates);
        Bytes += CatalogJournal.BytesMax(row);
        IsLinked |= row.IsDeleting || row.Definition.DeadLetter is not null;
    }
}
