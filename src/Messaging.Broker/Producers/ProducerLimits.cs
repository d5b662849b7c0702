namespace Messaging.Broker.Producers;

/// <summary>Every bound of producers and their transactions, by name. What one partition knows of them is bounded by <see cref="Topics.TopicLimits"/>.</summary>
public static class ProducerLimits
{
    /// <summary>The longest transaction of a producer: 15 minutes, as in Kafka.</summary>
    public const int TransactionTimeoutSecondsMax = 900;

    /// <summary>A transaction's longest time unless its producer says otherwise, as in Kafka.</summary>
    public const int TransactionTimeoutSecondsDefault = 60;

    /// <summary>Transactional ids of the server (memory: about 500 bytes each).</summary>
    public const int TransactionalIdsMax = 100_000;

    /// <summary>How long a transactional id is known that nobody uses: seven days, as in Kafka.</summary>
    public const int TransactionalIdIdleSeconds = 604_800;
}
