namespace Messaging.Broker.Topics;

/// <summary>What became of one record: its place, or the refusal. <see cref="IsDuplicate"/>: it was stored before, there.</summary>
public readonly record struct PublishOutcome(int Partition, long Offset, BrokerError? Error, bool IsDuplicate = false);
