namespace Messaging.Broker.Messages;

/// <summary>
/// What became of one entry of a send: the message's id, or the refusal. <see cref="IsDuplicate"/>: nothing was stored, since the message was sent before, and
/// the id is that of the first.
/// </summary>
public readonly record struct SendOutcome(MessageId Id, BrokerError? Error, bool IsDuplicate = false)
{
    /// <summary>Its place in the order of its group; null in a queue that keeps none.</summary>
    public long? Sequence { get; init; }
}
