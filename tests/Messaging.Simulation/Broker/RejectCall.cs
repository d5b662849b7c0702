using Messaging.Broker;
using Messaging.Broker.Messages;
using Messaging.Broker.Moves;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Simulation.Broker;

/// <summary>Rejects messages: gone from here and in the dead-letter queue at once. So few that one command takes them; in the order of their offsets, in which they arrive.</summary>
internal sealed class RejectCall(BrokerWorld world, QueueKey key, HeldReceipt[] receipts, string? reason)
    : LeaseCall(world, key, [.. receipts.OrderBy(held => held.Receipt.Offset)])
{
    private readonly bool _hadDeadLetterQueue = world.History.Current.Find(key)?.DeadLetterQueue is not null;

    protected override bool NeedsNoRoom => base.NeedsNoRoom || !_hadDeadLetterQueue;

    protected override bool Adds => true;

    protected override ErrorCode? CallRefusal => _hadDeadLetterQueue ? null : ErrorCode.NoDeadLetterQueue;

    protected override async Task Ask(MessageBroker broker) =>
        Answer = await broker.Queues.RejectAsync(Key, Receipts.Select(held => new RejectEntry(held.Receipt, reason)).ToArray(), CancellationToken.None);

    protected override ErrorCode? Worth(ModelMessage? message, in HeldReceipt held, long now)
    {
        ModelQueue queue = World.History.Current.Queues[Found!.Number];
        if (queue.DeadLetterQueue is null)
        {
            return ErrorCode.NoDeadLetterQueue;
        }

        ErrorCode? refusal = base.Worth(message, held, now);
        bool isDamaged = refusal is null && World.IsRotten && !World.Real(queue).Stream.IsReleased(held.Offset);
        return isDamaged ? ErrorCode.MessageDamaged : refusal;
    }

    protected override ModelEffect Effect(ModelQueue queue, ModelMessage message, int index, long now)
    {
        ModelQueue target = World.History.Current.Queues[queue.DeadLetterQueue!.Value];
        var origin = new MessageOrigin(World.IdOf(queue, message), queue.Key, MoveReason.Rejected, reason, message.CountedReceives, message.SentMs);
        World.Coverage.Count("messages rejected");
        return new MessageMoved(queue.Number, message.Offset, target.Number, message.Dead(origin, queue.Definition.Type == QueueType.Standard, now));
    }
}
