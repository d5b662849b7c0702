using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Storage;

namespace Messaging.Broker.Catalog;

/// <summary>
/// The rows of one transaction: changes decided one after the other against the definitions as they are, at most one of a queue. Only the
/// <see cref="CatalogWriter"/> changes definitions, so that what was decided stays true until it is applied.
/// </summary>
internal sealed class CatalogPlan(QueueHost host, LocalCatalog catalog, long version)
{
    private readonly HashSet<QueueKey> _keys = [];
    private readonly PlannedDefinitions _planned = new(host.Queues);
    private readonly List<CatalogRow> _rows = [];
    private readonly List<PlannedChange> _changes = [];
    private int _queueCount = catalog.Count;
    private bool _isAlone;

    public IReadOnlyList<CatalogRow> Rows => _rows;

    public IReadOnlyList<PlannedChange> Changes => _changes;

    /// <summary>Upper bound of what the rows append to the journal.</summary>
    public int Bytes { get; private set; }

    public bool IsFull => _isAlone || _changes.Count >= BrokerLimits.CatalogBatchMax || Bytes >= BrokerLimits.CatalogBatchBytes;

    /// <summary>Whether the change does not depend on anything in the plan.</summary>
    public bool Takes(CatalogChange change) => change.IsAlone ? _rows.Count == 0 : !change.Keys.Any(_keys.Contains);

    /// <summary>Adds all that the change does; one that does nothing, or is refused, is answered.</summary>
    public void Add(PendingChange pending)
    {
        var draft = new CatalogDraft(host.Queues, _planned, version + _rows.Count, _queueCount, host.Clock.NowMs());
        int bytes = 0;
        BrokerError? refusal = pending.Change.Decide(draft);
        foreach (CatalogRow row in draft.Rows) bytes += CatalogJournal.BytesMax(row);
        refusal ??= WhyNot(draft, bytes);
        if (refusal is not null || draft.Rows.Count == 0)
        {
            pending.End(refusal is null ? Array.Empty<PutQueueResult?>() : refusal);
            return;
        }

        _changes.Add(new PlannedChange(pending, _rows.Count, draft.Creates));
        _rows.AddRange(draft.Rows);
        foreach (CatalogRow row in draft.Rows) _planned.Add(row);
        _keys.UnionWith(pending.Change.Keys);
        _isAlone = pending.Change.IsAlone;
        _queueCount = draft.QueueCount;
        Bytes += bytes;
    }

    /// <summary>Most of what one change may append: half of what a frame takes, so that it fits behind any others.</summary>
    public static int ChangeBytesMax(LogEngine engine) => engine.CommandBytesMax / 2;

    private BrokerError? WhyNot(CatalogDraft draft, int bytes)
    {
        // What grows is refused on a nearly full disk, as in the embedded catalog; what frees space is not.
        if (host.Engine.SendsRefused && draft.Rows.Any(row => !row.IsDeleting)) return QueueHost.DiskFull;
        return bytes > ChangeBytesMax(host.Engine) ? new BrokerError(ErrorCode.BatchTooLarge, "The change is larger than what is written at once.") : null;
    }
}

/// <summary>A change of a plan: where its rows begin, and which of them create their queue.</summary>
internal readonly record struct PlannedChange(PendingChange Pending, int FirstRow, IReadOnlyList<bool> Creates);
