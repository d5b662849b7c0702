using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Catalog;

/// <summary>What a change of the catalog asks for one queue.</summary>
/// <param name="Key">The queue.</param>
/// <param name="Define">Its definition after the change, of the one before or of null; null deletes the queue.</param>
/// <param name="Precondition">What must hold.</param>
internal sealed record QueueChange(QueueKey Key, Func<LiveQueue?, Result<QueueDefinition>>? Define, Precondition Precondition)
{
    /// <summary>Of a deletion: also where the queue is the dead-letter queue of others.</summary>
    public bool EvenIfInUse { get; init; }
}
