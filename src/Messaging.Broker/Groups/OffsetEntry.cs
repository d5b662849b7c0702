using Messaging.Broker.Names;

namespace Messaging.Broker.Groups;

/// <summary>An offset that a client commits, or sets. A value.</summary>
/// <param name="Topic">In the group's namespace.</param>
/// <param name="Partition">From 0.</param>
/// <param name="Offset">The next record to read; at most the one behind the last.</param>
/// <param name="LeaderEpoch">Of the leader that the last record came from; null where the client does not know.</param>
/// <param name="Metadata">The client's own words, at most <see cref="GroupLimits.OffsetMetadataBytesMax"/> bytes of UTF-8.</param>
public readonly record struct OffsetEntry(TopicName Topic, int Partition, long Offset, int? LeaderEpoch = null, string Metadata = "");
