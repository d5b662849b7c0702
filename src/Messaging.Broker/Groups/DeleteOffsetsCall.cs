using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Topics;

namespace Messaging.Broker.Groups;

/// <summary>A group forgets what it has committed of a topic, or of one partition of it, by <see cref="ResetOffsets.Delete"/>: it begins there as a new group does.</summary>
internal sealed class DeleteOffsetsCall(TopicName topic, int? number) : IGroupCall<bool>
{
    public bool Wakes => true;

    public int BytesMax(GroupTopics topics) => (1 + topics.CountOf(topic)) * EntryWriter.VarintBytesMax;

    public Result<bool> Decide(GroupChange change, GroupTopics topics)
    {
        if (topics.Find(topic, "topic", out LivePartition[] partitions) is { } unknown) return unknown;
        if (number is { } one)
        {
            if ((uint)one >= (uint)partitions.Length) return TopicHost.PartitionNotFound(partitions[0].Topic!, one);
            partitions = [partitions[one]];
        }

        return ResetOffsets.Delete(change, topics, [.. partitions.Select(partition => new PartitionRef(partition.Stream.Id))]) is { } refusal ? refusal : true;
    }
}
