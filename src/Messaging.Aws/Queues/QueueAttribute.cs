using Messaging.Aws.Errors;
using Messaging.Broker.Queues;

namespace Messaging.Aws.Queues;

/// <summary>What an attribute is read from: the queue at one moment, as this region sees it.</summary>
internal readonly record struct QueueView(QueueDescription Queue, string Region)
{
    public QueueDefinition Definition => Queue.Definition;

    public bool IsFifo => Queue.Definition.Type == QueueType.Fifo;
}

/// <summary>One attribute of a queue: how it is read, null where the queue does not have it, and how it is set; one without that is the service's own. Immutable.</summary>
internal sealed record QueueAttribute(string Name, Func<QueueView, string?> Read, Func<DefinitionDraft, string, AwsError?>? Set = null)
{
    /// <summary>Only FIFO queues have it.</summary>
    public bool IsOfFifo { get; init; }
}
