namespace Messaging.Broker.Subscriptions;

/// <summary>One page of a list of subscriptions in ordinal order of names; the token of the next page, or null at the end.</summary>
public sealed record SubscriptionPage(IReadOnlyList<SubscriptionDescription> Subscriptions, string? NextPageToken);
