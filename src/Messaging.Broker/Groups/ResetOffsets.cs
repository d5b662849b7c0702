using Messaging.Broker.Queues;

namespace Messaging.Broker.Groups;

/// <summary>
/// Offsets are set, deleted or forgotten from outside. Not where a member has the partition, or is to have it: it would go on where it is, and commit over it.
/// A lease ends instead, and its token with it: who looks after a group has the last word against a fetch that nobody may come back to.
/// </summary>
internal static class ResetOffsets
{
    /// <summary>All or nothing. Null when it is done.</summary>
    public static BrokerError? Decide(GroupChange change, IGroupTopics topics, ReadOnlySpan<OffsetCommit> offsets)
    {
        ExpireMembers.Decide(change, topics);
        int added = 0;
        for (int i = 0; i < offsets.Length; i++)
        {
            if (offsets[i].Validate(i) is { } invalid) return invalid;
            if (Refusal(change.State, offsets[i].Partition) is { } refusal) return refusal;
            if (!change.State.Offsets.TryGet(offsets[i].Partition, out _)) added++;
        }

        if (change.State.Offsets.Count + added > GroupLimits.PartitionsPerGroupMax) return GroupRefusals.TooManyPartitions;
        if (offsets.IsEmpty) return null;
        BufferEntryWriter entry = change.Begin(GroupEntryKind.Reset);
        long previous = 0;
        foreach (OffsetCommit offset in offsets)
        {
            entry.Signed(offset.Partition.StreamId - previous);
            previous = offset.Partition.StreamId;
            entry.Unsigned(offset.Offset);
        }

        change.End(ref entry);
        return null;
    }

    /// <summary>Offsets are no more; where there was none nothing happens. All or nothing. Null when it is done.</summary>
    public static BrokerError? Delete(GroupChange change, IGroupTopics topics, ReadOnlySpan<PartitionRef> partitions)
    {
        ExpireMembers.Decide(change, topics);
        foreach (PartitionRef partition in partitions)
        {
            if (Refusal(change.State, partition) is { } refusal) return refusal;
        }

        Forget(change, partitions);
        return null;
    }

    /// <summary>
    /// The partitions are no more, and what is known of them goes. Whoever has them learns it when the topics' change is told:
    /// <see cref="AssignPartitions.TopicsChanged"/>.
    /// </summary>
    public static void Forget(GroupChange change, ReadOnlySpan<PartitionRef> partitions)
    {
        var known = new List<PartitionRef>(partitions.Length);
        foreach (PartitionRef partition in partitions)
        {
            if (change.State.Offsets.TryGet(partition, out _)) known.Add(partition);
        }

        if (known.Count == 0) return;
        BufferEntryWriter entry = change.Begin(GroupEntryKind.Forgotten);
        GroupWords.Write(ref entry, [.. known]);
        change.End(ref entry);
    }

    private static BrokerError? Refusal(GroupState state, PartitionRef partition) =>
        state.Members.HolderOf(partition) is not null || state.Members.IsTarget(partition) ? GroupRefusals.HasMembers : null;
}
