namespace Messaging.Broker.Subscriptions.Delivery;

/// <summary>A topic's DeliveryPolicy. Immutable; made by <see cref="DeliveryPolicyReader"/>, so it is legal.</summary>
public sealed record TopicDeliveryPolicy
{
    /// <summary>Says nothing.</summary>
    public static readonly TopicDeliveryPolicy None = new();

    /// <summary>For subscriptions that do not say otherwise.</summary>
    public DeliveryPolicy Defaults { get; init; } = DeliveryPolicy.None;

    /// <summary>What subscriptions say is then kept, and does not count.</summary>
    public bool DisableSubscriptionOverrides { get; init; }
}
