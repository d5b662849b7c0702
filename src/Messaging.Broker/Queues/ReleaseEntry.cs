using Messaging.Broker.Messages;

namespace Messaging.Broker.Queues;

/// <summary>Give this message back; it is ready again so many seconds from now; null: after the wait of the queue's retry policy, or at once without one.</summary>
public readonly record struct ReleaseEntry(Receipt Receipt, int? DelaySeconds) : ILeaseEntry
{
    int? ILeaseEntry.Seconds => DelaySeconds;

    long? ILeaseEntry.NotAfterMs => null;
}
