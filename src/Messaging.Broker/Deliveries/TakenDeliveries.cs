namespace Messaging.Broker.Deliveries;

/// <summary>What was taken from one delivery queue. Immutable.</summary>
/// <param name="Messages">In their order; in a FIFO topic at most one of a group, and no other one of it until that is settled. There may be none although more is due: what could not be read is over.</param>
/// <param name="Terms">How they are delivered; null where there are none.</param>
/// <param name="IsRefused">There is no room in the journal, or no memory or descriptor to read with: ask again in a while.</param>
/// <param name="IsOver">Nothing is due: who asked stops asking until it is told again.</param>
public sealed record TakenDeliveries(IReadOnlyList<PushMessage> Messages, DeliveryTerms? Terms, bool IsRefused, bool IsOver)
{
    internal static readonly TakenDeliveries None = new([], null, IsRefused: false, IsOver: true);
    internal static readonly TakenDeliveries Refused = new([], null, IsRefused: true, IsOver: false);
}
