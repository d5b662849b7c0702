namespace Messaging.Broker.Topics;

/// <summary>Which records of transactions a fetch sees; Kafka's isolation.level.</summary>
public enum Isolation
{
    /// <summary>All that is stored.</summary>
    ReadUncommitted,

    /// <summary>Those of committed transactions, up to the first one that has not ended.</summary>
    ReadCommitted,
}
