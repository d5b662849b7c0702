using Messaging.Broker.Groups.Assignment;
using Messaging.Broker.Names;

namespace Messaging.Broker.Groups;

/// <summary>A consumer group as it is. Immutable.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Status">In Kafka's words.</param>
/// <param name="Generation">The number of its last assignment; 0 before the first.</param>
/// <param name="Protocol">How its members rebalance; null without members.</param>
/// <param name="Strategy">How partitions are shared out; null without members.</param>
/// <param name="Members">Static ones first, by instance id, then the others by id.</param>
/// <param name="Offsets">Of every partition that it has offsets or leases of, or that its members share; by topic and number.</param>
public sealed record GroupDescription(
    GroupKey Key,
    GroupStatus Status,
    int Generation,
    GroupProtocol? Protocol,
    AssignmentStrategy? Strategy,
    IReadOnlyList<MemberDescription> Members,
    IReadOnlyList<CommittedOffset> Offsets);
