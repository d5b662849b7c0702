using Messaging.Broker.Queues;

namespace Messaging.Broker.Groups;

/// <summary>
/// A client that does not stay takes records of a group for a while: of partitions that no other such client has, those first that were served longest ago.
/// What it does not commit in time is there for the next one. Journaled, so that no restart gives a record to two while a lease runs. Refused while the group
/// has members: the partitions are theirs. Where a group without an offset does not begin with the oldest record, its start is committed with the first fetch:
/// asked again later, "the latest" would be behind what came meanwhile.
/// </summary>
internal static class TakeLeases
{
    /// <summary>Leases in the order in which they were taken; none where all is read, or with others.</summary>
    /// <param name="change">The command's.</param>
    /// <param name="topics">To share out anew, where a member is over and others are not.</param>
    /// <param name="candidates">Each partition once.</param>
    /// <param name="offsetsMax">Offsets of all leases together.</param>
    /// <param name="leaseMs">How long they run.</param>
    public static Result<Lease[]> Decide(GroupChange change, IGroupTopics topics, ReadOnlySpan<LeaseCandidate> candidates, int offsetsMax, long leaseMs)
    {
        ExpireMembers.Decide(change, topics);
        if (change.State.Members.Count > 0) return GroupRefusals.HasMembers;
        GroupOffsets offsets = change.State.Offsets;
        var order = new List<(long Served, int Index)>();
        var starts = new List<OffsetCommit>();
        for (int i = 0; i < candidates.Length; i++)
        {
            ref readonly LeaseCandidate candidate = ref candidates[i];
            offsets.TryGet(candidate.Partition, out PartitionProgress? progress);
            if (NeedsStart(progress, candidate)) starts.Add(new OffsetCommit(candidate.Partition, candidate.Start));
            if (IsFree(progress, candidate, change.NowMs)) order.Add((progress?.ServedNonce ?? 0, i));
        }

        if (starts.Count > 0 && CommitOffsets.Write(change, starts.ToArray()) is { } refusal) return refusal;
        order.Sort();
        var leases = new List<Lease>();
        long left = offsetsMax;
        int added = 0;
        foreach ((_, int index) in order)
        {
            if (left == 0 || leases.Count == GroupLimits.LeasesPerFetchMax) break;
            LeaseCandidate candidate = candidates[index];
            bool isNew = !offsets.TryGet(candidate.Partition, out PartitionProgress? progress);
            if (isNew && offsets.Count + ++added > GroupLimits.PartitionsPerGroupMax) return GroupRefusals.TooManyPartitions;
            long from = From(progress, candidate);
            long to = Math.Min(candidate.End, from + left);
            left -= to - from;
            leases.Add(new Lease(candidate.Partition, from, to, change.NowMs + leaseMs, offsets.LastNonce + leases.Count + 1));
        }

        if (leases.Count > 0) Write(change, leases, leaseMs);
        return leases.ToArray();
    }

    /// <summary>Whether a fetch of a group without members would write something: a lease, or where it begins.</summary>
    public static bool Takes(GroupOffsets offsets, ReadOnlySpan<LeaseCandidate> candidates, long now)
    {
        foreach (ref readonly LeaseCandidate candidate in candidates)
        {
            offsets.TryGet(candidate.Partition, out PartitionProgress? progress);
            if (NeedsStart(progress, candidate) || IsFree(progress, candidate, now)) return true;
        }

        return false;
    }

    private static bool NeedsStart(PartitionProgress? progress, in LeaseCandidate candidate) => progress is not { Offset: >= 0 } && candidate.Start > candidate.Low;

    private static bool IsFree(PartitionProgress? progress, in LeaseCandidate candidate, long now) =>
        progress?.LiveLease(now) is null && candidate.End > From(progress, candidate);

    private static long From(PartitionProgress? progress, LeaseCandidate candidate) =>
        Math.Max(candidate.Low, progress is { Offset: >= 0 and var offset } ? offset : candidate.Start);

    private static void Write(GroupChange change, List<Lease> leases, long leaseMs)
    {
        BufferEntryWriter entry = change.Begin(GroupEntryKind.Leased);
        entry.Unsigned(leaseMs);
        entry.Unsigned(leases[0].Nonce);
        long previous = 0;
        foreach (Lease lease in leases)
        {
            entry.Signed(lease.Partition.StreamId - previous);
            previous = lease.Partition.StreamId;
            entry.Unsigned(lease.From);
            entry.Unsigned(lease.To - lease.From);
        }

        change.End(ref entry);
    }
}
