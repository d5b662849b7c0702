using Messaging.Broker.Names;
using Messaging.Broker.Topics;

namespace Messaging.Broker.Catalog;

/// <summary>What a document of definitions says of one topic. Immutable.</summary>
/// <param name="Key">The topic; without a name where that could not be read.</param>
/// <param name="Definition">Null where the caller could not read it and has refused it by itself: the entry then only says that it names the topic.</param>
public sealed record TopicDefinitionEntry(TopicKey Key, TopicDefinition? Definition);
