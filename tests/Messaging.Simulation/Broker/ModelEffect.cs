using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Simulation.Broker;

/// <summary>One change of a <see cref="BrokerModel"/>, so that what was done in memory can be done again to what is known to be on the disk.</summary>
internal abstract record ModelEffect
{
    public abstract void Apply(BrokerModel model);
}

/// <summary>The queue exists with this definition.</summary>
internal sealed record QueuePut(int Number, QueueKey Key, QueueDefinition Definition, long NowMs) : ModelEffect
{
    public override void Apply(BrokerModel model)
    {
        if (!model.Queues.TryGetValue(Number, out ModelQueue? queue))
        {
            queue = new ModelQueue(Number, Key) { CreatedMs = NowMs };
            model.Queues.Add(Number, queue);
        }

        queue.Definition = Definition;
        queue.ModifiedMs = NowMs;
        queue.Version = ++model.Version;
        model.LinkDeadLetterQueues();
    }
}

/// <summary>The queue is gone with its messages.</summary>
internal sealed record QueueGone(int Number) : ModelEffect
{
    public override void Apply(BrokerModel model)
    {
        model.Queues.Remove(Number);
        model.Version++;
        model.LinkDeadLetterQueues();
    }
}

/// <summary>The message is new, or is now so.</summary>
internal sealed record MessageIs(int Number, ModelMessage Message) : ModelEffect
{
    public override void Apply(BrokerModel model)
    {
        ModelQueue queue = model.Queues[Number];
        queue.Messages[Message.Offset] = Message;
        queue.Next = Math.Max(queue.Next, Message.Offset + 1);
    }
}

/// <summary>The message is in another queue, as its next one; both at once.</summary>
internal sealed record MessageMoved(int Number, long Offset, int Target, ModelMessage Message) : ModelEffect
{
    public override void Apply(BrokerModel model)
    {
        model.Queues[Number].Messages.Remove(Offset);
        ModelQueue target = model.Queues[Target];
        target.Messages[target.Next] = Message with { Offset = target.Next };
        target.Next++;
    }
}

/// <summary>The message is acknowledged, or over its retention.</summary>
internal sealed record MessageGone(int Number, long Offset) : ModelEffect
{
    public override void Apply(BrokerModel model) => model.Queues[Number].Messages.Remove(Offset);
}

/// <summary>All messages so far are gone, and with them the queue's own delay of the last one.</summary>
internal sealed record QueuePurged(int Number) : ModelEffect
{
    public override void Apply(BrokerModel model)
    {
        model.Queues[Number].Messages.Clear();
        model.Queues[Number].LastDueMs = 0;
    }
}

/// <summary>A message waits by the queue's own delay until then.</summary>
internal sealed record QueueDelays(int Number, long DueMs) : ModelEffect
{
    public override void Apply(BrokerModel model) => model.Queues[Number].LastDueMs = DueMs;
}

/// <summary>An idempotency key stands for this from here on.</summary>
internal sealed record KeyIs(int Number, string Key, ModelAnswer Answer) : ModelEffect
{
    public override void Apply(BrokerModel model) => model.Queues[Number].Answers[Key] = Answer;
}

/// <summary>A deduplication id stands for this message from here on.</summary>
internal sealed record IdIs(int Number, string Id, ModelFirst First) : ModelEffect
{
    public override void Apply(BrokerModel model) => model.Queues[Number].Firsts[Id] = First;
}

/// <summary>A receive attempt has delivered this.</summary>
internal sealed record AttemptIs(int Number, string Id, ModelAttempt Attempt) : ModelEffect
{
    public override void Apply(BrokerModel model) => model.Queues[Number].Attempts[Id] = Attempt;
}
