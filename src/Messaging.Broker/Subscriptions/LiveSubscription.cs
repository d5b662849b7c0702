using Messaging.Broker.Deliveries;
using Messaging.Broker.Filters;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;

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

    /// <summary>Nothing is delivered until somebody resumes it.</summary>
    public bool Paused { get; set; }

    /// <summary>Whoever is behind its target has agreed to it.</summary>
    public bool IsConfirmed { get; set; }

    /// <summary>It waits for that.</summary>
    public bool IsPending => Definition is { Confirmed: false, Target.AsksFirst: true } && !IsConfirmed;

    /// <summary>What is pushed waits here; null: its target is a queue, or recovery has not seen it yet.</summary>
    public LiveQueue? DeliveryQueue { get; set; }

    /// <summary>What became of what was pushed.</summary>
    public DeliveryLog Deliveries => _deliveries ?? Interlocked.CompareExchange(ref _deliveries, new DeliveryLog(), null) ?? _deliveries;

    /// <summary>It gets what is published: one that is paused gathers where it has a queue of its own.</summary>
    public bool IsReceiving => Definition.Target.IsPushed ? !IsPending : !Paused;

    /// <summary>It stands in its topic's <see cref="FanOutTable"/>, under this policy. The table's own.</summary>
    public bool IsListed { get; set; }

    public FilterPolicy? ListedPolicy { get; set; }

    /// <summary>The queue that it delivers to, as it is now, its own where its messages are pushed; null where that is not there. One that was made anew since may be of the other type.</summary>
    public LiveQueue? QueueIn(QueueDirectory queues)
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
