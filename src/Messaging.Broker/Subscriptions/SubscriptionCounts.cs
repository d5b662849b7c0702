namespace Messaging.Broker.Subscriptions;

/// <summary>How many subscriptions there are at one synced point. A value.</summary>
/// <param name="OfTopic">Of the topic.</param>
/// <param name="PendingOfTopic">Of those, the ones that wait for their confirmation.</param>
/// <param name="FiltersOfTopic">Of those of the topic, the ones with a filter.</param>
/// <param name="FiltersOfAccount">Those with a filter of all topics of the account.</param>
public readonly record struct SubscriptionCounts(int OfTopic, int PendingOfTopic, int FiltersOfTopic, int FiltersOfAccount);
