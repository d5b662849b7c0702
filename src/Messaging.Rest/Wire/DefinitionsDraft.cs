using Messaging.Broker;
using Messaging.Broker.Catalog;
using Messaging.Broker.Names;
using Messaging.Rest.Errors;

namespace Messaging.Rest.Wire;

/// <summary>
/// A document of definitions as far as it could be read, and all that is wrong with it, whoever found it: the first <see
/// cref="RestLimits.DefinitionErrorsMax"/> in the order of the entries, queues before topics before subscriptions, and how many there are. Owned by the operation; not thread-safe.
/// </summary>
internal sealed class DefinitionsDraft
{
    private readonly List<QueueDefinitionEntry> _queues = [];
    private readonly List<TopicDefinitionEntry> _topics = [];
    private readonly List<SubscriptionDefinitionEntry> _subscriptions = [];
    private List<(ResourceKind Kind, int Entry, Problem Problem)> _errors = [];

    public DefinitionsDraft(AccountId account, NamespaceName space)
    {
        (Account, Namespace) = (account, space);
        Document = new DefinitionsDocument { Queues = _queues, Topics = _topics, Subscriptions = _subscriptions };
    }

    /// <summary>Whose definitions they are.</summary>
    public AccountId Account { get; }

    /// <summary>The namespace of entries that name none.</summary>
    public NamespaceName Namespace { get; }

    /// <summary>Of the list that is being read.</summary>
    public ResourceKind Kind { get; set; }

    /// <summary>All of it, also entries that are wrong.</summary>
    public DefinitionsDocument Document { get; }

    public IReadOnlyList<Problem> Errors => [.. _errors.Select(static error => error.Problem)];

    public int ErrorCount { get; private set; }

    public void Add(QueueDefinitionEntry entry) => _queues.Add(entry);

    public void Add(TopicDefinitionEntry entry) => _topics.Add(entry);

    public void Add(SubscriptionDefinitionEntry entry) => _subscriptions.Add(entry);

    /// <summary>Something is wrong with the entry that is being read.</summary>
    public void Refuse(Problem problem)
    {
        ErrorCount++;
        int entry = Kind switch { ResourceKind.Queue => _queues.Count, ResourceKind.Topic => _topics.Count, ResourceKind.Subscription => _subscriptions.Count };
        if (_errors.Count < RestLimits.DefinitionErrorsMax)
            _errors.Add((Kind, entry, Place(Kind, entry, problem)));
    }

    /// <summary>
    /// Applies it, or only looks where something is wrong with it already: so that the broker's refusals stand with the front's in one list. Afterwards
    /// it is applied, or <see cref="ErrorCount"/> is not 0.
    /// </summary>
    public async ValueTask<Result<AppliedDefinitions>> ApplyAsync(MessageBroker broker, Precondition precondition, bool dryRun)
    {
        Result<AppliedDefinitions> applied = await broker.Definitions.ApplyAsync(Document, precondition, dryRun || ErrorCount > 0, CancellationToken.None);
        if (!applied.IsOk)
            return applied;
        foreach (EntryRefusal refusal in applied.Value.Refusals.Take(RestLimits.DefinitionErrorsMax))
            _errors.Add((refusal.Kind, refusal.Entry, Place(refusal.Kind, refusal.Entry, Problem.Of(refusal.Error))));
        ErrorCount += applied.Value.Refusals.Count;
        _errors = [.. _errors.OrderBy(static error => error.Kind).ThenBy(static error => error.Entry).Take(RestLimits.DefinitionErrorsMax)];
        return applied;
    }

    private static Problem Place(ResourceKind kind, int entry, Problem problem) => problem.Under($"{DefinitionsParser.ListOf(kind)}[{entry}]");
}
