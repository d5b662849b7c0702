namespace Messaging.Broker.Subscriptions.Delivery;

/// <summary>What an attempt has come to, and with it whether there is another (SNS Developer Guide, "Message delivery retries").</summary>
public enum DeliveryVerdict
{
    /// <summary>It is there.</summary>
    Delivered,

    /// <summary>It failed; the schedule says when it is tried again, or that it is not.</summary>
    TryAgain,

    /// <summary>It was not tried, and counts as no attempt.</summary>
    NotTried,

    /// <summary>It would fail whenever it is tried.</summary>
    GiveUp,
}
