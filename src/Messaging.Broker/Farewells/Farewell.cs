using Messaging.Broker.Deliveries;

namespace Messaging.Broker.Farewells;

/// <summary>What a receiver is told that has ended its subscription. Immutable.</summary>
/// <param name="Terms">How it was delivered to until then.</param>
/// <param name="Message">With a <see cref="PushMessage.Confirmation"/> of the kind Unsubscribe. Of no delivery queue: it is not to be settled.</param>
public sealed record Farewell(DeliveryTerms Terms, PushMessage Message);
