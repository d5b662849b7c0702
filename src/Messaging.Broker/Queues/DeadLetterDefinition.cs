using Messaging.Broker.Names;

namespace Messaging.Broker.Queues;

/// <summary>Where a queue's messages go that were delivered too often: a queue of the same type, account and namespace. Immutable.</summary>
public sealed record DeadLetterDefinition
{
    /// <summary>The dead-letter queue.</summary>
    public QueueName Queue { get; init; }

    /// <summary>Deliveries that a message may have here; the next one would be too many. 1 to <see cref="QueueLimits.MaxReceivesMax"/>.</summary>
    public int MaxReceives { get; init; }

    /// <summary>The first rule that it breaks by itself, or null; that the queue is there is the catalog's to say.</summary>
    internal BrokerError? Validate()
    {
        if (Queue.Value.Length == 0) return new BrokerError(ErrorCode.InvalidValue, "A dead-letter queue has a name.", "deadLetter.queue");
        return QueueDefinition.Range("deadLetter.maxReceives", MaxReceives, 1, QueueLimits.MaxReceivesMax);
    }
}
