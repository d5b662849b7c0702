namespace Messaging.Broker.Subscriptions;

/// <summary>Which messages a subscription gets. Immutable, compared by content.</summary>
/// <param name="Scope">What it looks at.</param>
/// <param name="PolicyJson">The policy: the text of a JSON object, as the client has written it.</param>
public sealed record SubscriptionFilter(FilterScope Scope, string PolicyJson);
