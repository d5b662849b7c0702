using Messaging.Broker.Names;

namespace Messaging.Broker.Groups;

/// <summary>What a group asks of the topics of its namespace. Asked inside the sequencer.</summary>
internal interface IGroupTopics
{
    /// <summary>The topic's partitions in the order of their numbers; empty without such a topic.</summary>
    ReadOnlySpan<PartitionRef> PartitionsOf(TopicName topic);
}
