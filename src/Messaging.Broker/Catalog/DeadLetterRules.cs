using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Catalog;

/// <summary>
/// What a dead-letter definition must be true of beside itself. Pure functions over definitions: whoever changes one, or many at once, asks with a look-up of
/// what will be there afterwards.
/// </summary>
internal static class DeadLetterRules
{
    private const string Field = "deadLetter.queue";
    private const int NamesShown = 3;

    /// <summary>
    /// The first rule that the definition of <paramref name="key"/> breaks, or null. <paramref name="find"/> gives null for a queue that is not there. That one whose
    /// dead-letter queue has gone names it as <paramref name="before"/> is in nobody's way.
    /// </summary>
    public static BrokerError? Check(in QueueKey key, QueueDefinition definition, QueueDefinition? before, Func<QueueKey, QueueDefinition?> find)
    {
        if (definition.DeadLetter is not { } deadLetter) return null;
        QueueKey target = key with { Name = deadLetter.Queue };
        if (target == key) return Invalid("A queue is not its own dead-letter queue.");
        bool isKept = before?.DeadLetter == deadLetter;
        if (find(target) is not { } next) return isKept ? null : Invalid($"There is no queue \"{target.Name}\" in this namespace.");
        if (next.Type != definition.Type && !isKept) return Invalid($"A dead-letter queue has the type of its source; \"{target.Name}\" has the other one.");
        // No circle is there yet, so that the walk ends: here, at the chain's end, or at its bound.
        for (int links = 1; next.DeadLetter is { } further; links++)
        {
            if (further.Queue == key.Name) return Invalid($"Dead letters would go in a circle: \"{target.Name}\" leads back to \"{key.Name}\".");
            if (links >= QueueLimits.DeadLetterChainMax) return Invalid($"A chain of dead-letter queues has at most {QueueLimits.DeadLetterChainMax} links.");
            if (find(key with { Name = further.Queue }) is not { } link) break;
            next = link;
        }

        return null;
    }

    /// <summary>Why a queue that others send their dead letters to can't be deleted; null when nobody does.</summary>
    public static BrokerError? CheckUnused(in QueueKey key, IReadOnlyCollection<QueueKey> sources)
    {
        if (sources.Count == 0) return null;
        string names = string.Join(", ", sources.Take(NamesShown).Select(source => $"\"{source.Name}\""));
        string more = sources.Count > NamesShown ? $" and {sources.Count - NamesShown} more" : "";
        return new BrokerError(ErrorCode.QueueInUse, $"\"{key.Name}\" is the dead-letter queue of {names}{more}; change or delete those first.");
    }

    private static BrokerError Invalid(string detail) => new(ErrorCode.DeadLetterInvalid, detail, Field);
}
