namespace Messaging.Broker.Groups;

/// <summary>How the members of a consumer group come from one assignment to the next.</summary>
public enum GroupProtocol
{
    /// <summary>Each gives up only what goes to others, who get it when it was given up; nobody else stops. As in Kafka's KIP-848.</summary>
    Cooperative,

    /// <summary>All give up everything, and get the new assignment when the last one has.</summary>
    Eager,
}
