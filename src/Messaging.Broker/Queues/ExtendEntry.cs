using Messaging.Broker.Messages;

namespace Messaging.Broker.Queues;

/// <summary>The lease of this message shall end so many seconds from now; 0: it is ready now.</summary>
public readonly record struct ExtendEntry(Receipt Receipt, int LeaseSeconds) : ILeaseEntry
{
    int? ILeaseEntry.Seconds => LeaseSeconds;
}
