using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Catalog;

/// <summary>What a document of definitions says of one queue. Immutable.</summary>
/// <param name="Key">The queue; without a name where that could not be read.</param>
/// <param name="Definition">Null where the caller could not read it and has refused it by itself: the entry then only says that it names the queue.</param>
public sealed record QueueDefinitionEntry(QueueKey Key, QueueDefinition? Definition);
