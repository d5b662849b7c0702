namespace Messaging.Broker.Deliveries;

/// <summary>What was taken from one delivery queue. Immutable.</summary>
/// <param name="Messages">In their order; in a FIFO topic at most one of a group, and no other one of it until that is settled. Empty: nothing is due, and who asked stops asking until it is told again.</param>
/// <param name="Terms">How they are delivered; null where there are none.</param>
/// <param name="IsRefused">There is no room in the journal now: ask again.</param>
public sealed record TakenDeliveries(IReadOnlyList<PushMessage> Messages, DeliveryTerms? Terms, bool IsRefused)
{
    internal static readonly TakenDeliveries None = new([], null, IsRefused: false);
    internal static readonly TakenDeliveries Refused = new([], null, IsRefused: true);
}
