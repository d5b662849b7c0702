using Messaging.Broker.Messages;

namespace Messaging.Broker.Queues;

/// <summary>Give this message back; it is ready again so many seconds from now; null: after the wait of the queue's retry policy, or at once without one.</summary>
public readonly record struct ReleaseEntry(Receipt Receipt, int? DelaySeconds) : ILeaseEntry
{
    /// <summary>Nobody has worked on it: the delivery does not count, for the dead-letter queue nor in what receivers are shown, and without a delay it is ready at once.</summary>
    public bool IsUnhandled { get; init; }

    LeaseChange ILeaseEntry.Change => IsUnhandled ? LeaseChange.Unhandled : LeaseChange.Release;

    int? ILeaseEntry.Seconds => DelaySeconds ?? (IsUnhandled ? 0 : null);

    long? ILeaseEntry.NotAfterMs => null;
}
