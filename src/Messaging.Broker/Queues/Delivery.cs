namespace Messaging.Broker.Queues;

/// <summary>What is remembered of a message from its first delivery to its acknowledgement. Mutable; lives in the map of <see cref="QueueState"/>.</summary>
internal struct Delivery
{
    /// <summary>Above 0: leased until then. 0: ready again. Below 0: given back, ready again at the negated time.</summary>
    public long State;

    public long FirstReceivedMs;

    /// <summary>When the sender's own delay of it ended; 0 without one. Retention counts from there.</summary>
    public long DueMs;

    /// <summary>All deliveries: the number of the latest one, by which its receipt is told from others.</summary>
    public int ReceiveCount;

    /// <summary>Those of them that were given back unhandled.</summary>
    public int UnhandledCount;

    /// <summary>It has had all its deliveries: it is ready for nobody, and waits to be moved to the dead-letter queue.</summary>
    public bool IsAside;

    /// <summary>It is set aside and can't be moved: its bytes are damaged. Known to this process only.</summary>
    public bool IsStuck;

    /// <summary>Only inside a sweep of the heap of times: its pair has been found.</summary>
    public bool IsFound;

    /// <summary>How long it waits when its lease ends or it is given back without a word about that; of the latest delivery.</summary>
    public int RetryMs;

    /// <summary>Deliveries that count: for the dead-letter queue, for the wait, and for whoever is shown the message.</summary>
    public readonly int CountedReceives => ReceiveCount - UnhandledCount;
}
