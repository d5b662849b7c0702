namespace Messaging.Broker.Groups.Assignment;

/// <summary>How a consumer group's partitions are shared out among its members. The names and what they do are Kafka's.</summary>
public enum AssignmentStrategy
{
    /// <summary>Topic by topic, each member a run of neighbouring partitions, so that partitions of one number go to one member where topics have as many.</summary>
    Range,

    /// <summary>All partitions one by one, member after member.</summary>
    RoundRobin,

    /// <summary>Balanced within one partition, and as few as possible change their member.</summary>
    Sticky,
}
