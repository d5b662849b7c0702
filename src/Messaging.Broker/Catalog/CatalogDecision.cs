using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Catalog;

/// <summary>
/// Whether a change of a definition is made. Pure but for what it looks at: inside the sequencer where the log is the truth; else by the
/// <see cref="CatalogWriter"/>, which then is the only one that changes definitions.
/// </summary>
internal static class CatalogDecision
{
    /// <summary>
    /// The definition after the change, or why there is none; <paramref name="find"/> gives those that there will be. The precondition comes before all that depends on the definition that is there: who has
    /// not seen that can't make sense of the rest.
    /// </summary>
    public static Result<QueueDefinition> Put(LiveQueue? queue, QueueChange change, int queuesNow, Func<QueueKey, QueueDefinition?> find)
    {
        if (queue is not null && change.Precondition.Check(queue.Version) is { } changed) return changed;
        Result<QueueDefinition> defined = change.Define!(queue);
        if (!defined.IsOk) return defined;
        if (queue is null && change.Precondition.Check(null) is { } missing) return missing;
        BrokerError? forbidden = Forbidden(queue, defined.Value, queuesNow) ?? DeadLetterRules.Check(change.Key, defined.Value, queue?.Definition, find);
        return forbidden is null ? defined : forbidden;
    }

    /// <summary>Why what is there does not allow the definition: the queue, or so many queues.</summary>
    public static BrokerError? Forbidden(LiveQueue? queue, QueueDefinition definition, int queuesNow)
    {
        if (queue is not null && queue.Definition!.Type != definition.Type) return new BrokerError(ErrorCode.Immutable, "A queue's type can't change.", "type");
        return queue is null && queuesNow >= QueueLimits.QueuesMax
            ? new BrokerError(ErrorCode.TooManyQueues, $"The server has {QueueLimits.QueuesMax} queues.")
            : null;
    }

    /// <summary>Why the queue is not deleted.</summary>
    public static BrokerError? Delete(LiveQueue? queue, QueueChange change, IReadOnlyCollection<QueueKey> sources) => queue is null
        ? QueueHost.QueueNotFound(change.Key)
        : change.Precondition.Check(queue.Version) ?? (change.EvenIfInUse ? null : DeadLetterRules.CheckUnused(change.Key, sources));
}
