using Messaging.Broker.Names;
using Messaging.Broker.Topics;

namespace Messaging.Broker.Groups;

/// <summary>How far a group is in one partition. Immutable.</summary>
/// <param name="Topic">In the group's namespace.</param>
/// <param name="Partition">From 0.</param>
/// <param name="Offset">The next record that the group reads; null before the first commit.</param>
/// <param name="LeaderEpoch">As the client said; null when it said nothing.</param>
/// <param name="Metadata">The client's own words.</param>
/// <param name="CommittedAt">Null before the first commit.</param>
/// <param name="Ends">Where the partition begins and ends.</param>
/// <param name="LeasedUntil">A group fetch has records of it until then; null for none.</param>
public sealed record CommittedOffset(
    TopicName Topic, int Partition, long? Offset, int? LeaderEpoch, string Metadata, DateTimeOffset? CommittedAt, PartitionOffsets Ends, DateTimeOffset? LeasedUntil)
{
    /// <summary>Offsets that are there and that the group has not committed: from the committed one, or the first that is there, to the high watermark.</summary>
    public long Lag => Math.Max(0, Ends.HighWatermark - Math.Max(Offset ?? 0, Ends.Low));
}
