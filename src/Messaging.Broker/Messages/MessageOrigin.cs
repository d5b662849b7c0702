using Messaging.Broker.Names;

namespace Messaging.Broker.Messages;

/// <summary>
/// Where a dead message came from: the queue that it was last moved out of as dead, why, with the receiver's text where it was rejected with one, how often it was
/// received there, and when it was first sent (ms since 1970). A redrive keeps it. Immutable.
/// </summary>
public sealed record MessageOrigin(MessageId Id, QueueKey Queue, MoveReason Reason, string? Detail, int ReceiveCount, long SentAtMs);
