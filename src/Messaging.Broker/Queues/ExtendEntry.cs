using Messaging.Broker.Messages;

namespace Messaging.Broker.Queues;

/// <summary>The lease of this message shall end so many seconds from now; 0: it is ready now.</summary>
public readonly record struct ExtendEntry(Receipt Receipt, int LeaseSeconds) : ILeaseEntry
{
    /// <summary>
    /// The lease may end at this time at the latest, in ms since 1970, or is not changed (<see cref="ErrorCode.LeaseTooLong"/>): for who bounds all of a delivery, and
    /// knows when it was. Null: from now on as long as a lease may be.
    /// </summary>
    public long? NotAfterMs { get; init; }

    LeaseChange ILeaseEntry.Change => LeaseChange.Extend;

    int? ILeaseEntry.Seconds => LeaseSeconds;
}
