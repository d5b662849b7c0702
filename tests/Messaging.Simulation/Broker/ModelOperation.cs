using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Operations;

namespace Messaging.Simulation.Broker;

/// <summary>A redrive as the model knows it. Immutable: a change is a new value.</summary>
internal sealed record ModelOperation(long Number, int Queue, QueueKey Key, RedriveRequest Request, long EndOffset)
{
    public OperationStatus Status { get; init; }

    public long Cursor { get; init; }

    public long Moved { get; init; }

    public long Failed { get; init; }

    public long Skipped { get; init; }

    public bool HasEnded => Status is not (OperationStatus.Running or OperationStatus.Cancelling);

    /// <summary>The only filter that the clients here use.</summary>
    public bool Takes(ModelMessage message) => Request.Filter?.Reason is not { } reason || message.Origin?.Reason == reason;

    /// <summary>Where the message would go; null for nowhere.</summary>
    public ModelQueue? TargetOf(BrokerModel model, ModelMessage message)
    {
        QueueKey? key = Request.Destination is { } name ? Key with { Name = name } : message.Origin?.Queue;
        return key is { } known && model.Find(known) is { } target && target.Number != Queue && target.Definition.Type == model.Queues[Queue].Definition.Type ? target : null;
    }
}

/// <summary>The operation is new, or is now so.</summary>
internal sealed record OperationIs(ModelOperation Operation) : ModelEffect
{
    public override void Apply(BrokerModel model) => model.Operations[Operation.Number] = Operation;
}
