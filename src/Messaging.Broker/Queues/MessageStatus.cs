using Messaging.Broker.Messages;

namespace Messaging.Broker.Queues;

/// <summary>What a queue's state knows of one message that is there. <see cref="UntilMs"/>: when its lease or its delay ends; 0 where only the record knows.</summary>
internal readonly record struct MessageStatus(MessageState State, long UntilMs, int ReceiveCount, long FirstReceivedMs)
{
    /// <summary>Looks without changing anything, at a message that is not gone. Inside a command, after the state was advanced.</summary>
    public static MessageStatus Of(QueueState state, long offset)
    {
        if (!state.TryGet(offset, out Delivery delivery)) return OfUndelivered(state, offset);
        // A delivery that was taken back for want of room counts as none.
        long first = delivery.ReceiveCount > 0 ? delivery.FirstReceivedMs : 0;
        return delivery.State switch
        {
            > 0 => new MessageStatus(MessageState.Leased, delivery.State, delivery.CountedReceives, first),
            < 0 => new MessageStatus(MessageState.Delayed, -delivery.State, delivery.CountedReceives, first),
            0 => new MessageStatus(MessageState.Ready, 0, delivery.CountedReceives, first),
        };
    }

    private static MessageStatus OfUndelivered(QueueState state, long offset)
    {
        if (state.WaitsByItself(offset)) return new MessageStatus(MessageState.Delayed, 0, 0, 0);
        long due = state.MarkDueOf(offset);
        return new MessageStatus(due > 0 ? MessageState.Delayed : MessageState.Ready, due, 0, 0);
    }
}
