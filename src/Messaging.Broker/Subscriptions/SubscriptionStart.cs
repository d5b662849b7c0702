using Messaging.Broker.Messages;

namespace Messaging.Broker.Subscriptions;

/// <summary>With which of the topic's records a subscription begins when it is created. A value; the default one is <see cref="Now"/>.</summary>
/// <param name="Kind">An end of the topic, or a time.</param>
/// <param name="TimeMs">Of a time: milliseconds since 1970; else 0.</param>
public readonly record struct SubscriptionStart(SubscriptionStartKind Kind, long TimeMs)
{
    /// <summary>With what is published from its creation on.</summary>
    public static SubscriptionStart Now => default;

    /// <summary>With the first record that is there.</summary>
    public static SubscriptionStart Earliest => new(SubscriptionStartKind.Earliest, 0);

    /// <summary>With the first record of this time or later, in milliseconds since 1970.</summary>
    public static SubscriptionStart At(long timeMs) => new(SubscriptionStartKind.Time, timeMs);

    internal bool IsLegal => Kind switch
    {
        SubscriptionStartKind.Now or SubscriptionStartKind.Earliest => TimeMs == 0,
        SubscriptionStartKind.Time => TimeMs is >= 0 and <= MessageLimits.TimestampMsMax,
        _ => false,
    };
}
