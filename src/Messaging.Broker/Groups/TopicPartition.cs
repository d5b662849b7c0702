using Messaging.Broker.Names;

namespace Messaging.Broker.Groups;

/// <summary>A partition as clients name it. A value.</summary>
/// <param name="Topic">In the group's namespace.</param>
/// <param name="Partition">From 0.</param>
public readonly record struct TopicPartition(TopicName Topic, int Partition);
