namespace Messaging.Broker.Queues;

/// <summary>What a receive with an attempt id has delivered, and until when it has leased that. Immutable; without messages it stands for nothing.</summary>
internal sealed class ReceiveAttempt(long deadline, ReceiveAttempt.Message[] messages) : IRemembered
{
    /// <summary>One delivery.</summary>
    internal readonly record struct Message(long Offset, int ReceiveCount);

    public long Deadline => deadline;

    public Message[] Messages => messages;

    public int Weight => 1 + messages.Length;

    /// <summary>Whether all are as that receive has left them: not acknowledged, extended, given back or over. After <see cref="QueueState.Advance"/>.</summary>
    public bool IsHeld(QueueState state) => messages.Length > 0 && Array.TrueForAll(messages, message => IsHeld(state, message));

    /// <summary>Without those of its messages that are not so any more.</summary>
    public ReceiveAttempt Held(QueueState state) => new(deadline, Array.FindAll(messages, message => IsHeld(state, message)));

    private bool IsHeld(QueueState state, in Message message) =>
        state.TryGet(message.Offset, out Delivery delivery) && delivery.ReceiveCount == message.ReceiveCount && delivery.State == deadline;
}
