namespace Messaging.Broker.Groups;

/// <summary>What a member is told when it joins and with every heartbeat. Immutable.</summary>
/// <param name="Id">Who it is from here on.</param>
/// <param name="Generation">What it has reached; it shows this number with heartbeats and commits.</param>
/// <param name="Assigned">Partitions that it may use, in the order of their streams.</param>
/// <param name="Revoked">Partitions that it has to give up, and to leave out of those that it shows with a later heartbeat; only then does it get others.</param>
/// <param name="IsSettled">It has all that it is to have.</param>
internal sealed record MemberAnswer(MemberId Id, int Generation, PartitionRef[] Assigned, PartitionRef[] Revoked, bool IsSettled)
{
    public static MemberAnswer Of(GroupMembers members, GroupMember member)
    {
        var assigned = new List<PartitionRef>(member.Owned.Count);
        var revoked = new List<PartitionRef>();
        foreach (PartitionRef partition in member.Owned) (members.IsWanted(member, partition) ? assigned : revoked).Add(partition);
        assigned.Sort();
        revoked.Sort();
        bool isSettled = !members.IsTargetStale && member.Epoch == members.Generation && revoked.Count == 0 && assigned.Count == member.Target.Length;
        return new MemberAnswer(member.Id, member.Epoch, [.. assigned], [.. revoked], isSettled);
    }
}
