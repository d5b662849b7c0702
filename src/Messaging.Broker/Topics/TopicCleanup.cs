namespace Messaging.Broker.Topics;

/// <summary>What becomes of a topic's old records; Kafka's cleanup.policy.</summary>
public enum TopicCleanup
{
    /// <summary>They go by time and size.</summary>
    Delete,

    /// <summary>Of each key the latest record stays.</summary>
    Compact,

    /// <summary>Of each key the latest record stays, until it too goes by time or size.</summary>
    Both,
}
