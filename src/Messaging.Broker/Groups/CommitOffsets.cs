using System.Text;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Groups;

/// <summary>
/// Commits offsets, of a member in its generation or of nobody's in particular. As in Kafka: without a member only while the group has none; a generation must
/// be the one that the member has reached; which partitions it has is not asked, for a commit may be the last word of who gives one up. A member that commits
/// is there.
/// </summary>
internal static class CommitOffsets
{
    /// <summary>In place of a generation: the caller is no member.</summary>
    public const int NoGeneration = -1;

    /// <summary>One outcome an entry, null for committed; or a refusal of all.</summary>
    public static Result<BrokerError?[]> Decide(GroupChange change, IGroupTopics topics, MemberCheck? caller, int generation, ReadOnlySpan<OffsetCommit> commits)
    {
        ExpireMembers.Decide(change, topics);
        if (Refusal(change, caller, generation) is { } refusal) return refusal;
        var outcomes = new BrokerError?[commits.Length];
        int good = Judge(change.State.Offsets, commits, outcomes);
        if (good > 0) Write(change, commits, outcomes);
        return outcomes;
    }

    /// <summary>All of them, or the first refusal and none.</summary>
    public static BrokerError? DecideAll(GroupChange change, IGroupTopics topics, MemberCheck? caller, int generation, ReadOnlySpan<OffsetCommit> commits)
    {
        ExpireMembers.Decide(change, topics);
        if (Refusal(change, caller, generation) is { } refusal) return refusal;
        var outcomes = new BrokerError?[commits.Length];
        int good = Judge(change.State.Offsets, commits, outcomes);
        if (good < commits.Length) return Array.Find(outcomes, static outcome => outcome is not null);
        Write(change, commits, outcomes);
        return null;
    }

    /// <summary>Offsets that are known to be good: all or none, where the group has no room for them.</summary>
    public static BrokerError? Write(GroupChange change, ReadOnlySpan<OffsetCommit> commits)
    {
        var outcomes = new BrokerError?[commits.Length];
        if (Judge(change.State.Offsets, commits, outcomes) < commits.Length) return GroupRefusals.TooManyPartitions;
        Write(change, commits, outcomes);
        return null;
    }

    private static BrokerError? Refusal(GroupChange change, MemberCheck? caller, int generation)
    {
        GroupMembers members = change.State.Members;
        if (members.Count == 0 && generation < 0) return null;
        if (caller is not { } shown) return GroupRefusals.Unknown;
        if (shown.Find(members, out GroupMember? member) is { } refusal) return refusal;
        if (generation != member!.Epoch) return GroupRefusals.Stale(generation, member.Epoch);
        // The eager group has a new assignment, and this member still works by the old one.
        if (members is { Protocol: GroupProtocol.Eager, IsTargetStale: false } && member.Epoch != members.Generation) return GroupRefusals.Rebalancing;
        member.Touch(change.NowMs);
        return null;
    }

    private static int Judge(GroupOffsets offsets, ReadOnlySpan<OffsetCommit> commits, BrokerError?[] outcomes)
    {
        int good = 0;
        int added = 0;
        for (int i = 0; i < commits.Length; i++)
        {
            outcomes[i] = commits[i].Validate(i);
            if (outcomes[i] is null && !offsets.TryGet(commits[i].Partition, out _) && offsets.Count + ++added > GroupLimits.PartitionsPerGroupMax)
            {
                outcomes[i] = GroupRefusals.TooManyPartitions;
            }

            if (outcomes[i] is null) good++;
        }

        return good;
    }

    private static void Write(GroupChange change, ReadOnlySpan<OffsetCommit> commits, BrokerError?[] outcomes)
    {
        BufferEntryWriter entry = change.Begin(GroupEntryKind.Committed);
        long previous = 0;
        for (int i = 0; i < commits.Length; i++)
        {
            if (outcomes[i] is not null) continue;
            ref readonly OffsetCommit commit = ref commits[i];
            entry.Signed(commit.Partition.StreamId - previous);
            previous = commit.Partition.StreamId;
            entry.Unsigned(commit.Offset);
            entry.Unsigned(commit.LeaderEpoch + 1);
            entry.Bytes(Encoding.UTF8.GetBytes(commit.Metadata));
        }

        change.End(ref entry);
    }
}
