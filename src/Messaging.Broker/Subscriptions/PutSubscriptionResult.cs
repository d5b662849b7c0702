namespace Messaging.Broker.Subscriptions;

/// <summary>The subscription as it is now, and whether the call created it.</summary>
public sealed record PutSubscriptionResult(SubscriptionDescription Subscription, bool Created);
