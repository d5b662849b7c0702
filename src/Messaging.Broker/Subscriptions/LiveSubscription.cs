using Messaging.Broker.Names;

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
    public SubscriptionKey Key { get; } = key;

    public long Number { get; } = number;

    public SubscriptionDefinition Definition { get; set; } = SubscriptionDefinition.Default;

    /// <summary>The same as its number.</summary>
    public long CreatedVersion => Number;

    public long Version { get; set; }

    public long CreatedMs { get; set; }

    public long ModifiedMs { get; set; }

    /// <summary>It went, or its topic did: what found it before must not go on.</summary>
    public bool Deleted { get; set; }

    /// <summary>Nothing is delivered until somebody resumes it.</summary>
    public bool Paused { get; set; }

    /// <summary>The next of its topic's subscriptions with the same target; mostly null. The directory's own.</summary>
    public LiveSubscription? SameTarget { get; set; }
}
