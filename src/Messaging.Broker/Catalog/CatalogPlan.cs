using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Topics;
using Messaging.Storage;

namespace Messaging.Broker.Catalog;

/// <summary>
/// The rows of one transaction: changes decided one after the other against the definitions as they are, so at most one of a queue, a topic or a subscription, at most one that
/// looks at other queues, and none that needs what another one touches. Only the <see cref="CatalogWriter"/> changes definitions, so that what was decided stays true until it is applied.
/// </summary>
internal sealed class CatalogPlan(QueueHost host, TopicDirectory topics, LocalCatalog catalog, long version)
{
    private readonly HashSet<ResourceKey> _keys = [];
    private readonly HashSet<ResourceKey> _needs = [];
    private readonly HashSet<(TopicKey, SubscriptionTarget)> _targets = [];
    private readonly List<CatalogRow> _rows = [];
    private readonly List<PlannedChange> _changes = [];
    private int _queueCount = catalog.Count;
    private int _partitionCount = topics.PartitionCount;
    private int _subscriptionsComing;
    private bool _isAlone;
    private bool _isLinked;

    public IReadOnlyList<CatalogRow> Rows => _rows;

    public IReadOnlyList<PlannedChange> Changes => _changes;

    /// <summary>Upper bound of what the rows append to the journal.</summary>
    public int Bytes { get; private set; }

    public bool IsFull => _isAlone || _changes.Count >= CatalogLimits.CatalogBatchMax || Bytes >= CatalogLimits.CatalogBatchBytes;

    /// <summary>What the change does; false where it may depend on something in the plan, and has to wait for the next one.</summary>
    public bool TryDecide(CatalogChange change, out Result<CatalogDraft> decided)
    {
        decided = default;
        if (change.IsAlone ? _rows.Count > 0 : change.Keys.Any(key => _keys.Contains(key) || _needs.Contains(key))) return false;
        var draft = new CatalogDraft(host.Queues, topics, catalog.Subscriptions.Subscriptions, version + _rows.Count, host.Clock.NowMs())
        {
            QueueCount = _queueCount, PartitionCount = _partitionCount, SubscriptionsComing = _subscriptionsComing,
        };
        BrokerError? refusal = change.Decide(draft) ?? WhyNot(draft);
        decided = refusal is null ? draft : refusal;
        // Those that come may be of other topics, or never come.
        if (refusal is not null) return refusal.Code != ErrorCode.TooManySubscriptions || _subscriptionsComing == 0;
        return !(_isLinked && draft.IsLinked) && !draft.Needs.Any(_keys.Contains) && !draft.Targets.Any(_targets.Contains);
    }

    /// <summary>Adds all that the change does; one that does nothing, or is refused, is answered.</summary>
    public void Add(PendingChange pending, Result<CatalogDraft> decided)
    {
        if (!decided.IsOk || decided.Value.Rows.Count == 0)
        {
            pending.End(decided.IsOk ? Array.Empty<ChangedDefinition>() : decided.Error);
            return;
        }

        CatalogDraft draft = decided.Value;
        _changes.Add(new PlannedChange(pending, _rows.Count, draft.Creates));
        _rows.AddRange(draft.Rows);
        _keys.UnionWith(pending.Change.Keys);
        _needs.UnionWith(draft.Needs);
        _targets.UnionWith(draft.Targets);
        _subscriptionsComing = draft.SubscriptionsComing;
        _isAlone = pending.Change.IsAlone;
        _isLinked |= draft.IsLinked;
        _queueCount = draft.QueueCount;
        _partitionCount = draft.PartitionCount;
        Bytes += draft.Bytes;
    }

    /// <summary>Most of what one change may append: half of what a frame takes, so that it fits behind any others.</summary>
    public static int ChangeBytesMax(LogEngine engine) => engine.CommandBytesMax / 2;

    private BrokerError? WhyNot(CatalogDraft draft)
    {
        // What grows is refused on a nearly full disk, as in the embedded catalog; what frees space is not.
        if (host.Engine.SendsRefused && draft.Rows.Any(row => !row.IsDeleting)) return QueueHost.DiskFull;
        return draft.Bytes > ChangeBytesMax(host.Engine) ? new BrokerError(ErrorCode.BatchTooLarge, "The change is larger than what is written at once.") : null;
    }
}

/// <summary>A change of a plan: where its rows begin, and which of them create what they name.</summary>
internal readonly record struct PlannedChange(PendingChange Pending, int FirstRow, IReadOnlyList<bool> Creates);
