namespace Messaging.Broker.Messages;

/// <summary>What became of one entry of a send: the message's id, or the refusal.</summary>
public readonly record struct SendOutcome(MessageId Id, BrokerError? Error);
