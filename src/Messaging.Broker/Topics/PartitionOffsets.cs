namespace Messaging.Broker.Topics;

/// <summary>Where a partition begins and ends.</summary>
/// <param name="Low">The first record that is there; Kafka's log start offset.</param>
/// <param name="HighWatermark">Behind the last record that can be read: all below is on the disk.</param>
/// <param name="LastStable">Behind the last record below which every transaction has ended.</param>
public readonly record struct PartitionOffsets(long Low, long HighWatermark, long LastStable)
{
    /// <summary>With what the sequencer knew of the last stable offset, before all that was sequenced then had been synced.</summary>
    internal PartitionOffsets Below(long lastStable) => this with { LastStable = Math.Max(Low, Math.Min(lastStable, HighWatermark)) };
}
