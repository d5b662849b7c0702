using Messaging.Broker.Filters;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions.Delivery;

namespace Messaging.Broker.Subscriptions;

/// <summary>
/// One subscription of this process. Changed in the sequencer, or by recovery; what it is may be read at any time, as of some moment.
/// </summary>
/// <param name="key">Its name.</param>
/// <param name="number">
/// The catalog's version that created it in this log: no other subscription ever has it, be it of the same name. It outlives restarts and changes of the definition.
/// </param>
internal sealed class LiveSubscription(SubscriptionKey key, long number)
{
    // Found once: a look-up for each of a thousand targets would cost as much as all that is done for them.
    private volatile LiveQueue? _queue;
    private DeliveryLog? _deliveries;

    public SubscriptionKey Key { get; } = key;

    public long Number { get; } = number;

    public SubscriptionDefinition Definition
    {
        get;
        set
        {
            // Compared as texts: a policy that stays is not compiled again.
            if (field.Filter != value.Filter) Policy = Compile(value.Filter);
            field = value;
        }
    } = SubscriptionDefinition.Default;

    /// <summary>Its filter, compiled; null: it gets everything.</summary>
    public FilterPolicy? Policy { get; private set; }

    /// <summary>The same as its number.</summary>
    public long CreatedVersion => Number;

    public long Version { get; set; }

    public long CreatedMs { get; set; }

    public long ModifiedMs { get; set; }

    /// <summary>It went, or its topic did: what found it before must not go on.</summary>
    public bool Deleted { get; set; }

    /// <summary>Nothing is delivered until somebody resumes it: what is published gathers.</summary>
    public bool Paused { get; set; }

    /// <summary>Whoever is behind its target has agreed to it.</summary>
    public bool IsConfirmed { get; set; }

    /// <summary>It waits for that.</summary>
    public bool IsPending => Definition is { Confirmed: false, Target.AsksFirst: true } && !IsConfirmed;

    /// <summary>What is pushed waits here; null: its target is a queue, or recovery has not seen it yet.</summary>
    public LiveQueue? DeliveryQueue { get; set; }

    /// <summary>
    /// What can't go to where it is for yet gathers here, as it was published: for a queue while the subscription is paused, and of an ordered topic while what comes before it is still being copied; and from then on until
    /// all of it has been moved (<see cref="Copies.DrainRunner"/>). Null: what is published goes there itself.
    /// </summary>
    public LiveQueue? Gathering { get; set; }

    /// <summary>Whether what has gathered is for that target too: what is meant for one of a topic's queues is meant for the one that comes in its place, and nothing that others own. Null: there is none.</summary>
    public bool KeepsGathered(SubscriptionTarget? next) => !Definition.Target.IsPushed && next is { IsPushed: false };

    /// <summary>It has gathered something, and nothing keeps that from going on to its queue.</summary>
    public bool IsDraining => Gathering is not null && !Paused && CopiesLeft == 0;

    /// <summary>Copy tasks by which it begins that are not done (<see cref="Copies.CopyTable"/>).</summary>
    public int CopiesLeft { get; set; }

    /// <summary>What it was last asked to get again; null: nothing.</summary>
    public LiveReplay? Replay { get; set; }

    /// <summary>What became of what was pushed.</summary>
    public DeliveryLog Deliveries => _deliveries ?? Interlocked.CompareExchange(ref _deliveries, new DeliveryLog(), null) ?? _deliveries;

    /// <summary>It gets what is published, be it that it gathers.</summary>
    public bool IsReceiving => !IsPending;

    /// <summary>It stands in its topic's <see cref="FanOutTable"/>, under this policy. The table's own.</summary>
    public bool IsListed { get; set; }

    public FilterPolicy? ListedPolicy { get; set; }

    /// <summary>
    /// Where its messages go now: to its target (<see cref="TargetIn"/>), or to what gathers. Of an ordered topic nothing passes what has gathered, so that it goes on to gather until that has gone; else there is no order to keep.
    /// </summary>
    public LiveQueue? QueueIn(QueueDirectory queues) => Gathering is { } gathering && (Paused || gathering.State.IsOrdered) ? gathering : TargetIn(queues);

    /// <summary>The queue that it delivers to, as it is now, its own where its messages are pushed; null where that is not there. One that was made anew since may be of the other type.</summary>
    public LiveQueue? TargetIn(QueueDirectory queues)
    {
        if (Definition.Target is not SubscriptionTarget.OfQueue target) return DeliveryQueue;
        LiveQueue? queue = _queue;
        if (queue is { Deleted: false } && queue.Key.Name == target.Queue) return queue;
        return _queue = queues.TryGet(Key.Beside(target.Queue), out queue) ? queue : null;
    }

    /// <summary>The next of its topic's subscriptions with the same target; mostly null. The directory's own.</summary>
    public LiveSubscription? SameTarget { get; set; }

    private static FilterPolicy? Compile(SubscriptionFilter? filter)
    {
        if (filter is null) return null;
        Result<FilterPolicy> policy = filter.Compile();
        Invariant.Check(policy.IsOk, "A filter of the catalog was legal when it was put there.");
        return policy.Value;
    }
}
