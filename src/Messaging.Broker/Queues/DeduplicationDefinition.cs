namespace Messaging.Broker.Queues;

/// <summary>How a queue tells that a message was sent before. Immutable.</summary>
public sealed record DeduplicationDefinition
{
    /// <summary>What a FIFO queue has unless it says otherwise: by id, in the whole queue, within five minutes (as in Amazon SQS).</summary>
    public static DeduplicationDefinition Default { get; } = new();

    /// <summary>A message without an id has the SHA-256 of its body for one.</summary>
    public bool ContentBased { get; init; }

    /// <summary>Within what an id is one message.</summary>
    public DeduplicationScope Scope { get; init; }

    /// <summary>How long an id is remembered, in seconds. 1 to <see cref="QueueLimits.DeduplicationWindowSecondsMax"/>.</summary>
    public int WindowSeconds { get; init; } = QueueLimits.DeduplicationWindowSecondsDefault;

    /// <summary>The first rule that it breaks, or null.</summary>
    internal BrokerError? Validate()
    {
        if (Scope is not (DeduplicationScope.Queue or DeduplicationScope.Group))
        {
            return new BrokerError(ErrorCode.InvalidValue, "The scope is queue or group.", "deduplication.scope");
        }

        return QueueDefinition.Range("deduplication.windowSeconds", WindowSeconds, 1, QueueLimits.DeduplicationWindowSecondsMax);
    }
}
