using Messaging.Broker.Names;

namespace Messaging.Broker.Topics;

/// <summary>A definition with its name, its id (of no topic before or after it), its version (it grows with every change of any definition; an ETag) and its times. Immutable.</summary>
public sealed record TopicDescription(
    TopicKey Key, Guid Id, TopicDefinition Definition, long Version, DateTimeOffset CreatedAt, DateTimeOffset ModifiedAt);
