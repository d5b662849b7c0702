using Messaging.Broker.Names;

namespace Messaging.Broker.Queues;

/// <summary>A definition with its name, its version (it grows with every change of any queue; an ETag), its times, and its counts at the time of reading. Immutable.</summary>
public sealed record QueueDescription(
    QueueKey Key, QueueDefinition Definition, long Version, DateTimeOffset CreatedAt, DateTimeOffset ModifiedAt, QueueCounts Counts);
