namespace Messaging.Broker.Subscriptions.Delivery;

/// <summary>How delays grow from the shortest to the longest one: each slower at first than the one before it (SNS Developer Guide, "Message delivery retries", shows them as curves).</summary>
public enum BackoffFunction
{
    /// <summary>By the same amount each time.</summary>
    Linear,

    /// <summary>By an amount that itself grows by the same amount each time.</summary>
    Arithmetic,

    /// <summary>By the same factor each time.</summary>
    Geometric,

    /// <summary>By an amount that doubles each time.</summary>
    Exponential,
}
