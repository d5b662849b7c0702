namespace Messaging.Broker.Subscriptions;

/// <summary>What <see cref="SubscriptionStart"/> names.</summary>
public enum SubscriptionStartKind
{
    /// <summary>The topic's end.</summary>
    Now,

    /// <summary>Its beginning.</summary>
    Earliest,

    /// <summary>A time.</summary>
    Time,
}
