namespace Messaging.Broker.Subscriptions.Delivery;

/// <summary>What this process knows of a subscription's deliveries: since it was started.</summary>
/// <param name="Waiting">Messages that are not delivered yet, those that have gathered for a queue included.</param>
/// <param name="Delivered">How many were.</param>
/// <param name="Failed">Attempts that failed.</param>
/// <param name="DeadLettered">Messages that were given up, and are in the dead-letter queue.</param>
/// <param name="Dropped">Messages that were given up, and are nowhere.</param>
/// <param name="Latest">The latest attempts, the newest first, at most <see cref="SubscriptionLimits.DeliveryRecordsMax"/>.</param>
public sealed record DeliveryReport(long Waiting, long Delivered, long Failed, long DeadLettered, long Dropped, IReadOnlyList<DeliveryRecord> Latest);
