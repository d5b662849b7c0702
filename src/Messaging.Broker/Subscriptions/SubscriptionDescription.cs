using Messaging.Broker.Names;

namespace Messaging.Broker.Subscriptions;

/// <summary>
/// A definition with its name, its id (of no subscription before or after it), whether deliveries are paused, whether it waits for its confirmation (<see cref="SubscriptionDefinition.Confirmed"/>), its version (it grows with every change of any definition, and not with a pause; an ETag) and its times. Immutable.
/// </summary>
public sealed record SubscriptionDescription(
    SubscriptionKey Key, Guid Id, SubscriptionDefinition Definition, bool Paused, bool Pending, long Version, DateTimeOffset CreatedAt, DateTimeOffset ModifiedAt)
{
    /// <summary>The latest replay; null where none was asked for. State, as a pause is: no version tells of it.</summary>
    public SubscriptionReplay? Replay { get; init; }
}
