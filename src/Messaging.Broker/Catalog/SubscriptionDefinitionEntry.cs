using Messaging.Broker.Names;
using Messaging.Broker.Subscriptions;

namespace Messaging.Broker.Catalog;

/// <summary>What a document of definitions says of one subscription. Immutable.</summary>
/// <param name="Key">The subscription; without a name, or without a topic's, where that could not be read.</param>
/// <param name="Definition">Null where the caller could not read it and has refused it by itself: the entry then only says that it names the subscription.</param>
public sealed record SubscriptionDefinitionEntry(SubscriptionKey Key, SubscriptionDefinition? Definition);
