namespace Messaging.Broker.Catalog;

/// <summary>What a reset has deleted. A value.</summary>
/// <param name="Queues">How many queues went.</param>
/// <param name="Topics">How many topics went.</param>
public readonly record struct ResetCounts(int Queues, int Topics);
