namespace Messaging.Broker.Topics;

/// <summary>Where a record batch stands: its first offset, and how many records it has. <see cref="IsDuplicate"/>: it was stored before, there.</summary>
public readonly record struct PublishedBatch(int Partition, long BaseOffset, int Count, bool IsDuplicate = false);
