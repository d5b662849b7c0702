namespace Messaging.Broker.Topics;

/// <summary>A partition as it is: its ends, and the bytes that its records take on the disk. Immutable.</summary>
public sealed record PartitionDescription(int Number, PartitionOffsets Offsets, long Bytes);
