using System.Text;

namespace Messaging.Broker.Groups;

/// <summary>How far somebody is in one partition. A value.</summary>
/// <param name="Partition">Where.</param>
/// <param name="Offset">The next one to read.</param>
/// <param name="LeaderEpoch">Of the leader that the last record came from; <see cref="PartitionProgress.None"/> where the client does not know.</param>
/// <param name="Metadata">The client's own words, kept and told again; at most <see cref="GroupLimits.OffsetMetadataBytesMax"/> bytes of UTF-8.</param>
internal readonly record struct OffsetCommit(PartitionRef Partition, long Offset, int LeaderEpoch = PartitionProgress.None, string Metadata = "")
{
    /// <summary>The first rule that it breaks; <paramref name="index"/> is its place in the call.</summary>
    public BrokerError? Validate(int index)
    {
        if (Offset < 0) return new BrokerError(ErrorCode.InvalidValue, "An offset is 0 or more.", $"offsets[{index}].offset");
        if (LeaderEpoch < PartitionProgress.None) return new BrokerError(ErrorCode.InvalidValue, "A leader's epoch is 0 or more.", $"offsets[{index}].leaderEpoch");
        return Encoding.UTF8.GetByteCount(Metadata) <= GroupLimits.OffsetMetadataBytesMax
            ? null
            : new BrokerError(ErrorCode.InvalidValue, $"Metadata has at most {GroupLimits.OffsetMetadataBytesMax} bytes of UTF-8.", $"offsets[{index}].metadata");
    }
}
