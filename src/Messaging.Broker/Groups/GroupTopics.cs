using System.Diagnostics.CodeAnalysis;
using Messaging.Broker.Names;
using Messaging.Broker.Topics;

namespace Messaging.Broker.Groups;

/// <summary>The topics of one namespace as its groups see them, and names for their partitions. Asked inside the sequencer; what finds by names at any time.</summary>
internal sealed class GroupTopics(TopicDirectory topics, AccountId account, NamespaceName space) : IGroupTopics
{
    /// <summary>Rises with every change of a topic.</summary>
    public long Changes => topics.Changes;

    public ReadOnlySpan<PartitionRef> PartitionsOf(TopicName topic)
    {
        if (!topics.TryGet(KeyOf(topic), out LiveTopic? live)) return [];
        LivePartition[] partitions = live.Partitions;
        var refs = new PartitionRef[partitions.Length];
        for (int i = 0; i < refs.Length; i++) refs[i] = new PartitionRef(partitions[i].Stream.Id);
        return refs;
    }

    /// <summary>Partitions of the topic; 0 without such a topic.</summary>
    public int CountOf(TopicName topic) => topics.TryGet(KeyOf(topic), out LiveTopic? live) ? live.Partitions.Length : 0;

    /// <summary>All partitions of the topic, or why not.</summary>
    public BrokerError? Find(TopicName topic, string field, out LivePartition[] partitions)
    {
        bool isFound = topics.TryGet(KeyOf(topic), out LiveTopic? live);
        partitions = isFound ? live!.Partitions : [];
        return isFound ? null : TopicHost.TopicNotFound(KeyOf(topic)) with { Field = field };
    }

    /// <summary>The partition, or why not; <paramref name="field"/> is the call's entry.</summary>
    public BrokerError? Find(TopicName topic, int number, string field, out LivePartition? partition)
    {
        partition = null;
        if (!topics.TryGet(KeyOf(topic), out LiveTopic? live)) return TopicHost.TopicNotFound(KeyOf(topic)) with { Field = $"{field}.topic" };
        LivePartition[] partitions = live.Partitions;
        if ((uint)number >= (uint)partitions.Length) return TopicHost.PartitionNotFound(live, number) with { Field = $"{field}.partition" };
        partition = partitions[number];
        return null;
    }

    /// <summary>False for a partition that is no more.</summary>
    public bool TryGet(PartitionRef reference, [NotNullWhen(true)] out LivePartition? partition) => topics.TryGet(reference.StreamId, out partition);

    /// <summary>The names of partitions, in their order; without those that are no more.</summary>
    public List<TopicPartition> Name(IReadOnlyCollection<PartitionRef> references)
    {
        var named = new List<TopicPartition>(references.Count);
        foreach (PartitionRef reference in references)
        {
            if (TryGet(reference, out LivePartition? partition)) named.Add(new TopicPartition(partition.Topic!.Key.Name, partition.Number));
        }

        return named;
    }

    /// <summary>What is there of the partitions that a client names.</summary>
    public PartitionRef[] Resolve(IReadOnlyList<TopicPartition> named)
    {
        var references = new List<PartitionRef>(named.Count);
        foreach (TopicPartition one in named)
        {
            if (Find(one.Topic, one.Partition, "", out LivePartition? partition) is null) references.Add(new PartitionRef(partition!.Stream.Id));
        }

        return [.. references];
    }

    private TopicKey KeyOf(TopicName topic) => new(account, space, topic);
}
