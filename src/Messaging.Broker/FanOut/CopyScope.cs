using Messaging.Broker.Subscriptions;

namespace Messaging.Broker.FanOut;

/// <summary>Who gets copies of records that were published before. A value; the default one is everyone who subscribes now.</summary>
/// <param name="Only">One alone; null: all.</param>
/// <param name="NumberMax">Those of this number at most; 0: all.</param>
internal readonly record struct CopyScope(LiveSubscription? Only, long NumberMax)
{
    /// <summary>What goes to the target itself, also where the one alone gathers: it comes before that, or is that.</summary>
    public bool PassesGathering { get; init; }

    /// <summary>Its filter was asked when it was published.</summary>
    public bool IsChosen { get; init; }

    public bool Has(LiveSubscription subscription) => Only is { } only ? only == subscription : NumberMax == 0 || subscription.Number <= NumberMax;
}
