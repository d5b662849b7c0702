using Messaging.Broker.Groups;
using Messaging.Broker.Groups.Assignment;
using Messaging.Grpc.Calls;

namespace Messaging.Grpc.Groups;

/// <summary>Consumer groups as the wire has them.</summary>
internal static class GroupWriter
{
    public static V1.Membership Of(Membership member) => new()
    {
        MemberId = member.Id.ToString(),
        Generation = member.Generation,
        Assigned = { member.Assigned.Select(Of) },
        Revoked = { member.Revoked.Select(Of) },
        Settled = member.IsSettled,
        SessionSeconds = member.SessionSeconds,
    };

    public static V1.GroupSummary Of(GroupSummary group) => new()
    {
        Name = group.Key.Name.Value,
        Namespace = group.Key.Namespace.Value,
        Status = Of(group.Status),
        Members = group.Members,
        Partitions = group.Offsets,
    };

    public static V1.Group Of(GroupDescription group) => new()
    {
        Name = group.Key.Name.Value,
        Namespace = group.Key.Namespace.Value,
        Status = Of(group.Status),
        Generation = group.Generation,
        Protocol = group.Protocol is { } protocol ? Of(protocol) : V1.GroupProtocol.Unspecified,
        Strategy = group.Strategy is { } strategy ? Of(strategy) : V1.AssignmentStrategy.Unspecified,
        Members = { group.Members.Select(Of) },
        Offsets = { group.Offsets.Select(Of) },
    };

    public static V1.GroupOffset Of(CommittedOffset offset)
    {
        var wire = new V1.GroupOffset
        {
            Topic = offset.Topic.Value,
            Partition = offset.Partition,
            Metadata = offset.Metadata,
            CommittedAt = offset.CommittedAt is { } committed ? Times.Of(committed) : null,
            HighWatermark = offset.Ends.HighWatermark,
            Lag = offset.Lag,
            LeasedUntil = offset.LeasedUntil is { } until ? Times.Of(until) : null,
        };
        if (offset.Offset is { } next)
            wire.Offset = next;
        if (offset.LeaderEpoch is { } epoch)
            wire.LeaderEpoch = epoch;
        return wire;
    }

    /// <summary>An offset that was set.</summary>
    public static V1.OffsetEntry Of(OffsetEntry offset) => new() { Topic = offset.Topic.Value, Partition = offset.Partition, Offset = offset.Offset };

    private static V1.GroupMember Of(MemberDescription member) => new()
    {
        MemberId = member.Id.ToString(),
        InstanceId = member.InstanceId ?? "",
        ClientId = member.ClientId,
        ClientHost = member.ClientHost,
        Topics = { member.Topics.Select(static topic => topic.Value) },
        Generation = member.Generation,
        Assigned = { member.Assigned.Select(Of) },
        Revoked = { member.Revoked.Select(Of) },
        SessionEndsAt = Times.Of(member.SessionEndsAt),
    };

    private static V1.TopicPartition Of(TopicPartition partition) => new() { Topic = partition.Topic.Value, Partition = partition.Partition };

    private static V1.GroupProtocol Of(GroupProtocol protocol) =>
        protocol switch { GroupProtocol.Cooperative => V1.GroupProtocol.Cooperative, GroupProtocol.Eager => V1.GroupProtocol.Eager };

    private static V1.AssignmentStrategy Of(AssignmentStrategy strategy) => strategy switch
    {
        AssignmentStrategy.Range => V1.AssignmentStrategy.Range,
        AssignmentStrategy.RoundRobin => V1.AssignmentStrategy.RoundRobin,
        AssignmentStrategy.Sticky => V1.AssignmentStrategy.Sticky,
    };

    private static V1.GroupStatus Of(GroupStatus status) => status switch
    {
        GroupStatus.Empty => V1.GroupStatus.Empty,
        GroupStatus.PreparingRebalance => V1.GroupStatus.PreparingRebalance,
        GroupStatus.CompletingRebalance => V1.GroupStatus.CompletingRebalance,
        GroupStatus.Assigning => V1.GroupStatus.Assigning,
        GroupStatus.Reconciling => V1.GroupStatus.Reconciling,
        GroupStatus.Stable => V1.GroupStatus.Stable,
        GroupStatus.Dead => V1.GroupStatus.Dead,
    };
}
