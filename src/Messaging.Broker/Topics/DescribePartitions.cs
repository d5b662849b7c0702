using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Topics;

/// <summary>The partitions of a topic, as they are; told once what they tell of is synced.</summary>
internal sealed class DescribePartitions(TopicHost host)
{
    public async ValueTask<Result<IReadOnlyList<PartitionDescription>>> RunAsync(TopicKey key, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Calls.Enter();
        cancellationToken.ThrowIfCancellationRequested();
        if (host.Find(key, out LiveTopic topic) is { } refusal) return await host.ToldAsync(refusal);
        PartitionDescription[] described = Array.ConvertAll(
            topic.Partitions, static partition => new PartitionDescription(partition.Number, partition.Offsets, partition.Stream.StoredBytes));
        await host.Engine.SyncedAsync();
        return described;
    }
}
