namespace Messaging.Broker.Groups;

/// <summary>What a consumer group is about, in Kafka's words.</summary>
public enum GroupStatus
{
    /// <summary>No members; it has committed offsets, or leases.</summary>
    Empty,

    /// <summary>Eager: members are giving up what they have.</summary>
    PreparingRebalance,

    /// <summary>Eager: the new assignment is there, and not all members have fetched it.</summary>
    CompletingRebalance,

    /// <summary>
    /// Cooperative: the new assignment is not there yet. Assignments are made in the command that asks for them, so that only its own steps see this.
    /// </summary>
    Assigning,

    /// <summary>Cooperative: the new assignment is there, and not all members have reached it.</summary>
    Reconciling,

    /// <summary>Every member has what it is to have.</summary>
    Stable,

    /// <summary>Nothing is left of it: it may be dropped.</summary>
    Dead,
}
