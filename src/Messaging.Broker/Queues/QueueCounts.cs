namespace Messaging.Broker.Queues;

/// <summary>Messages by state, exact at one synced point of the journal.</summary>
public readonly record struct QueueCounts(long Ready, long Leased, long Delayed);
