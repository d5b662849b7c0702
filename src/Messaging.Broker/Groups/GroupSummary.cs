using Messaging.Broker.Names;

namespace Messaging.Broker.Groups;

/// <summary>A consumer group in a list. Immutable.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Status">In Kafka's words.</param>
/// <param name="Members">How many.</param>
/// <param name="Offsets">Partitions that it has offsets or leases of.</param>
public sealed record GroupSummary(GroupKey Key, GroupStatus Status, int Members, int Offsets);
