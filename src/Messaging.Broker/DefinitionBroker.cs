using Messaging.Broker.Catalog;
using Messaging.Broker.Names;

namespace Messaging.Broker;

/// <summary>
/// What a front may call on the definitions of an account together, and on all that the server has. Owned by the <see cref="MessageBroker"/>; safe for concurrent calls. Refusals are values, faults of the disk are exceptions of Storage.
/// Control plane.
/// </summary>
public sealed class DefinitionBroker
{
    private readonly GetDefinitions _get;
    private readonly ApplyDefinitions _apply;
    private readonly Reset _reset;
    private readonly GroupBroker _groups;

    internal DefinitionBroker(GetDefinitions get, ApplyDefinitions apply, Reset reset, GroupBroker groups) => (_get, _apply, _reset, _groups) = (get, apply, reset, groups);

    /// <summary>How often this process was reset (<see cref="ResetAsync"/>), whole or in part: what a front remembers by itself of queues is forgotten with each.</summary>
    public int Resets => _reset.Count;

    /// <summary>All definitions of the account; <see cref="ErrorCode.DefinitionsTooLarge"/> where they are more than one document has.</summary>
    public ValueTask<Result<CatalogDefinitions>> GetAsync(AccountId account, CancellationToken cancellationToken) =>
        _get.RunAsync(account, cancellationToken);

    /// <summary>
    /// Creates and changes queues, topics and subscriptions as the document says, all of them or, where one can't be, none. What it does not name is left alone. The precondition is on
    /// the version of <see cref="CatalogDefinitions"/>. <paramref name="dryRun"/> only tells what would happen.
    /// </summary>
    public ValueTask<Result<AppliedDefinitions>> ApplyAsync(
        DefinitionsDocument document, Precondition precondition, bool dryRun, CancellationToken cancellationToken) =>
        _apply.RunAsync(document, precondition, dryRun, cancellationToken);

    /// <summary>
    /// Deletes all queues and topics that are there, of every account, with all that they hold and the topics' subscriptions, ends the operations on them, and drops the consumer groups; tells how many of each went.
    /// Not one command: where it is refused some may be gone, and who asks again deletes the rest.
    /// </summary>
    public async ValueTask<Result<ResetCounts>> ResetAsync(CancellationToken cancellationToken)
    {
        Result<ResetCounts> gone = await _reset.RunAsync(cancellationToken);
        if (!gone.IsOk) return gone;
        return await _groups.DropAllAsync() is { } refusal ? refusal : gone;
    }
}
