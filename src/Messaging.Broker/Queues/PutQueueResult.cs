namespace Messaging.Broker.Queues;

/// <summary>The queue as it is now, and whether the call created it.</summary>
public sealed record PutQueueResult(QueueDescription Queue, bool Created);
