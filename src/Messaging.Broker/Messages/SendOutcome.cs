namespace Messaging.Broker.Messages;

/// <summary>What became of one entry of a send: the message's id, or the refusal.</summary>
public readonly record struct SendOutcome(MessageId Id, BrokerError? Error)
{
    /// <summary>Its place in the order of its group; null in a queue that keeps none.</summary>
    public long? Sequence { get; init; }
}
