namespace Messaging.Broker.Subscriptions;

/// <summary>The latest time that a subscription was asked to get again what its topic keeps. Immutable.</summary>
/// <param name="From">With which records it begins; never <see cref="SubscriptionStart.Now"/>.</param>
/// <param name="ToMs">Only records of before this time, in milliseconds since 1970; null: all that there were when it was asked for.</param>
/// <param name="Status">How far it is.</param>
public sealed record SubscriptionReplay(SubscriptionStart From, long? ToMs, ReplayStatus Status);
