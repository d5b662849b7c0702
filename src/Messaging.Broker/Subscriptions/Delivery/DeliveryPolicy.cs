namespace Messaging.Broker.Subscriptions.Delivery;

/// <summary>
/// A subscription's DeliveryPolicy, or what a topic gives its subscriptions: null is not said. All who are pushed to are tried again and paced by their own; what a topic gives, and the content type, are for endpoints of HTTP. Immutable; made by <see cref="DeliveryPolicyReader"/>, so it is legal.
/// </summary>
public sealed record DeliveryPolicy
{
    /// <summary>Says nothing.</summary>
    public static readonly DeliveryPolicy None = new();

    public RetryPolicy? HealthyRetry { get; init; }

    /// <summary>Accepted, kept and told, and of no effect: so it is with SNS.</summary>
    public RetryPolicy? SicklyRetry { get; init; }

    /// <summary>Deliveries in a second, 1 or more; null is as many as there are.</summary>
    public int? MaxReceivesPerSecond { get; init; }

    /// <summary>The header Content-Type of deliveries.</summary>
    public string? HeaderContentType { get; init; }

    /// <summary>Accepted, kept and told, and of no effect.</summary>
    public bool Guaranteed { get; init; }
}
