using Messaging.Broker;
using Messaging.Broker.Catalog;
using Messaging.Broker.Names;
using Messaging.Rest.Errors;

namespace Messaging.Rest.Wire;

/// <summary>
/// A document of definitions as far as it could be read, and all that is wrong with it, whoever found it: the first <see
/// cref="RestLimits.DefinitionErrorsMax"/> in the order of the entries, and how many there are. Owned by the operation; not thread-safe.
/// </summary>
internal sealed class DefinitionsDraft(AccountId account, NamespaceName space)
{
    private readonly List<QueueDefinitionEntry> _entries = [];
    private List<(int Entry, Problem Problem)> _errors = [];

    /// <summary>Whose queues they are.</summary>
    public AccountId Account { get; } = account;

    /// <summary>The namespace of entries that name none.</summary>
    public NamespaceName Namespace { get; } = space;

    /// <summary>All of the document, also those that are wrong.</summary>
    public IReadOnlyList<QueueDefinitionEntry> Entries => _entries;

    public IReadOnlyList<Problem> Errors => [.. _errors.Select(static error => error.Problem)];

    public int ErrorCount { get; private set; }

    public void Add(QueueDefinitionEntry entry) => _entries.Add(entry);

    /// <summary>Something is wrong with the entry that is being read.</summary>
    public void Refuse(Problem problem) => Refuse(_entries.Count, problem);

    /// <summary>
    /// Applies it, or only looks where something is wrong with it already: so that the broker's refusals stand with the front's in one list. Afterwards
    /// it is applied, or <see cref="ErrorCount"/> is not 0.
    /// </summary>
    public async ValueTask<Result<AppliedDefinitions>> ApplyAsync(MessageBroker broker, Precondition precondition, bool dryRun)
    {
        Result<AppliedDefinitions> applied = await broker.ApplyDefinitionsAsync(_entries, precondition, dryRun || ErrorCount > 0, CancellationToken.None);
        if (!applied.IsOk)
            return applied;
        foreach (EntryRefusal refusal in applied.Value.Refusals.Take(RestLimits.DefinitionErrorsMax))
            _errors.Add((refusal.Entry, Place(refusal.Entry, Problem.Of(refusal.Error))));
        ErrorCount += applied.Value.Refusals.Count;
        _errors = [.. _errors.OrderBy(static error => error.Entry).Take(RestLimits.DefinitionErrorsMax)];
        return applied;
    }

    private void Refuse(int entry, Problem problem)
    {
        ErrorCount++;
        if (_errors.Count < RestLimits.DefinitionErrorsMax)
            _errors.Add((entry, Place(entry, problem)));
    }

    private static Problem Place(int entry, Problem problem) => problem.Under($"{DefinitionsParser.Queues}[{entry}]");
}
