using Messaging.Broker.Names;
using Messaging.Broker.Subscriptions;
using Messaging.Storage;

namespace Messaging.Broker.Queues;

/// <summary>
/// One queue of this process: its definition, its stream and its state. Guarded by the sequencer; <see cref="Key"/>, <see cref="Stream"/> and
/// <see cref="Definition"/> may be read outside, the last as of some moment.
/// </summary>
internal sealed class LiveQueue(LogStream stream) : IRemembering
{
    public LogStream Stream { get; } = stream;

    public QueueState State { get; } = new(stream);

    public QueueKey Key { get; set; }

    /// <summary>Null until the catalog's entry has come, which recovery may bring after the stream's own.</summary>
    public QueueDefinition? Definition { get; set; }

    /// <summary>Whose delivery queue it is, or in which its messages gather; null: it is a queue with a name.</summary>
    public LiveSubscription? Subscription { get; set; }

    /// <summary>It is the latter: nobody receives from it.</summary>
    public bool IsGathering => Subscription?.Gathering == this;

    /// <summary>It stands in line for deliveries, or somebody delivers from it; <see cref="DueDeliveries"/>.</summary>
    public bool IsDelivering { get; set; }

    /// <summary>The catalog's version at which it was created: what tells it from a later queue of its name.</summary>
    public long CreatedVersion { get; set; }

    public long Version { get; set; }

    public long CreatedMs { get; set; }

    public long ModifiedMs { get; set; }

    /// <summary>Dropped: what found it before must not go on.</summary>
    public bool Deleted { get; set; }

    /// <summary>It stands in line for a move of what is set aside; <see cref="AsideQueues"/>.</summary>
    public bool IsNoticed { get; set; }

    /// <summary>Receives that wait; null while there are none.</summary>
    public WaitList? Waiting { get; set; }

    /// <summary>When the broker's timer will look at this queue; <see cref="long.MaxValue"/> for never.</summary>
    public long WakeAtMs { get; set; } = long.MaxValue;

    /// <summary>That look; null for never.</summary>
    public DueWake? DueWake { get; set; }

    /// <summary>Where the last trim ended, and when one that ends there may find more.</summary>
    public long TrimmedBelow { get; set; }

    public long TrimAgainMs { get; set; }

    /// <summary>Its place in the round of the heartbeat.</summary>
    public int Index { get; set; }

    /// <summary>Its place among those that have a dead-letter queue.</summary>
    public int DeadLetterIndex { get; set; }

    /// <summary>Messages that became due before this are past their retention.</summary>
    public long OldestMs(long now) => now - (Definition!.RetentionSeconds * 1_000L);

    public QueueWindows? Windows => State.Windows;

    public byte AnsweredKind => (byte)QueueEntryKind.Answered;

    public void Advance(long now) => State.Advance(now);

    public QueueWindows OpenWindows() => State.OpenWindows();

    public QueueCounts Counts(long now)
    {
        State.Advance(now);
        return new QueueCounts(State.Ready, State.Leased, State.Delayed);
    }
}
