namespace Messaging.Broker.Topics;

/// <summary>A producer's transaction that has not ended in a partition, and its first offset there.</summary>
internal readonly record struct OpenTransaction(long ProducerId, long From);
