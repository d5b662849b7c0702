using Messaging.Broker.Messages;

namespace Messaging.Broker.Moves;

/// <summary>This message goes to the dead-letter queue now; the reason is any text, or null.</summary>
public readonly record struct RejectEntry(Receipt Receipt, string? Reason);
