using Messaging.Broker.Messages;

namespace Messaging.Broker.Queues;

/// <summary>What a change of leases does. <see cref="Apply"/> gets the state, the message's offset and when the change ends, in ms since 1970.</summary>
internal sealed record LeaseChange(QueueEntryKind Kind, string Field, int SecondsMax, Action<QueueState, long, long> Apply)
{
    /// <summary>The lease ends so many seconds from now; 0 makes the message ready now.</summary>
    public static LeaseChange Extend { get; } = new(
        QueueEntryKind.Extended, "leaseSeconds", QueueLimits.LeaseSecondsMax, static (state, offset, end) => state.ApplyExtended(offset, end));

    /// <summary>The message is given back, ready after so many seconds. The receipt stays good for an acknowledgement until the message is received again.</summary>
    public static LeaseChange Release { get; } = new(
        QueueEntryKind.Released, "delaySeconds", MessageLimits.DelaySecondsMax, static (state, offset, end) => state.ApplyReleased(offset, end));

    /// <summary>The same, of a message that nobody has worked on: the delivery does not count.</summary>
    public static LeaseChange Unhandled { get; } = new(QueueEntryKind.Unhandled, Release.Field, Release.SecondsMax, static (state, offset, end) => state.ApplyUnhandled(offset, end));
}

/// <summary>One message whose lease changes.</summary>
internal interface ILeaseEntry
{
    Receipt Receipt { get; }

    LeaseChange Change { get; }

    /// <summary>Null: as the queue's retry policy says.</summary>
    int? Seconds { get; }

    /// <summary>The change may not end later; null: it may end whenever it does.</summary>
    long? NotAfterMs { get; }
}
