namespace Messaging.Broker.Catalog;

/// <summary>What a reset has deleted. A value.</summary>
/// <param name="Queues">How many queues went.</param>
/// <param name="Topics">How many topics went.</param>
/// <param name="Subscriptions">How many subscriptions went with them.</param>
public readonly record struct ResetCounts(int Queues, int Topics, int Subscriptions = 0);
