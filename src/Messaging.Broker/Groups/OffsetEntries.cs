using Messaging.Broker.Topics;

namespace Messaging.Broker.Groups;

/// <summary>Offsets of a call, with streams in place of names.</summary>
internal static class OffsetEntries
{
    /// <summary>Null where the call has neither none nor too many.</summary>
    public static BrokerError? Check(int count) => EntryCount.Check(count, "offsets", GroupLimits.OffsetsPerCallMax);

    /// <summary>
    /// Why the entry, the call's one at <paramref name="index"/>, is of no partition that is there, or beyond its end; null where it is good. Kafka takes any offset, and refuses the fetch that
    /// follows; a group that fetches by lease would only wait there, and nobody would know why.
    /// </summary>
    public static BrokerError? Resolve(GroupTopics topics, in OffsetEntry entry, int index, out OffsetCommit resolved)
    {
        resolved = default;
        if (topics.Find(entry.Topic, entry.Partition, $"offsets[{index}]", out LivePartition? partition) is { } refusal) return refusal;
        long end = partition!.Stream.Next;
        if (entry.Offset > end)
        {
            return new BrokerError(
                ErrorCode.OffsetOutOfRange, $"A group goes on at {end} at the latest, behind the partition's last record; {entry.Offset} is beyond it.", $"offsets[{index}].offset");
        }

        resolved = new OffsetCommit(new PartitionRef(partition.Stream.Id), entry.Offset, entry.LeaderEpoch ?? PartitionProgress.None, entry.Metadata);
        return null;
    }
}
