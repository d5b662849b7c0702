namespace Messaging.Broker.Messages;

/// <summary>A message whose bytes can't be read from the disk: it is in quarantine, and its lease runs like any other's.</summary>
public readonly record struct DamagedMessage(MessageId Id, Receipt Receipt);
