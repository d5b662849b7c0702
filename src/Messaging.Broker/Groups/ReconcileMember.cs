using Messaging.Broker.Queues;

namespace Messaging.Broker.Groups;

/// <summary>
/// Takes one member as far towards its target as it can go now. What it has given up is free at once; what it is to have it gets once it has nothing left to
/// give up, and only what nobody has any more, neither a member nor a lease.
/// </summary>
internal static class ReconcileMember
{
    /// <param name="change">The command's.</param>
    /// <param name="topics">To share out anew, where this was what an eager group waited for.</param>
    /// <param name="member">Whose turn it is.</param>
    /// <param name="shown">Partitions that the client says it has; null where it says nothing of them, and has given up none.</param>
    public static MemberAnswer Decide(GroupChange change, IGroupTopics topics, GroupMember member, HashSet<PartitionRef>? shown)
    {
        GroupMembers members = change.State.Members;
        Step(change, member, shown);
        if (members.IsTargetStale)
        {
            AssignPartitions.Decide(change, topics);
            if (!members.IsTargetStale) Step(change, member, shown);
        }

        return MemberAnswer.Of(members, member);
    }

    private static void Step(GroupChange change, GroupMember member, HashSet<PartitionRef>? shown)
    {
        GroupMembers members = change.State.Members;
        var revoked = new List<PartitionRef>();
        bool isRevoking = false;
        foreach (PartitionRef partition in member.Owned)
        {
            if (members.IsWanted(member, partition)) continue;
            if (shown is not null && !shown.Contains(partition)) revoked.Add(partition);
            else isRevoking = true;
        }

        var granted = new List<PartitionRef>();
        bool canGet = !isRevoking && !members.IsTargetStale;
        if (canGet && member.Owned.Count - revoked.Count < member.Target.Length) Collect(change, member, granted);
        int epoch = canGet ? members.Generation : member.Epoch;
        if (revoked.Count == 0 && granted.Count == 0 && epoch == member.Epoch) return;
        revoked.Sort();
        BufferEntryWriter entry = change.Begin(GroupEntryKind.Reconciled);
        GroupWords.WriteId(ref entry, member.Id);
        entry.Unsigned(epoch);
        GroupWords.Write(ref entry, [.. revoked]);
        GroupWords.Write(ref entry, [.. granted]);
        change.End(ref entry);
    }

    private static void Collect(GroupChange change, GroupMember member, List<PartitionRef> granted)
    {
        foreach (PartitionRef partition in member.Target)
        {
            if (change.State.Members.HolderOf(partition) is null && !change.State.Offsets.IsLeased(partition, change.NowMs)) granted.Add(partition);
        }
    }
}
