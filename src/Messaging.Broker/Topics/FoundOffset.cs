namespace Messaging.Broker.Topics;

/// <summary>Where a partition has what was looked for; behind its last record, and without a time, where it has no such record.</summary>
public readonly record struct FoundOffset(int Partition, long Offset, long? TimestampMs);
