using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Storage;

namespace Messaging.Broker.Topics;

/// <summary>The partitions of a topic, as they are; told once what they tell of is synced.</summary>
internal sealed class DescribePartitions(TopicHost host)
{
    public async ValueTask<Result<IReadOnlyList<PartitionDescription>>> RunAsync(TopicKey key, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Calls.Enter();
        cancellationToken.ThrowIfCancellationRequested();
        if (host.Find(key, out LiveTopic topic) is { } refusal) return await host.ToldAsync(refusal);
        LivePartition[] partitions = topic.Partitions;
        long[] lastStable = new long[partitions.Length];
        await Look(partitions, lastStable);
        return Array.ConvertAll(partitions, partition => Describe(partition, lastStable[partition.Number]));
    }

    private static PartitionDescription Describe(LivePartition partition, long lastStable) =>
        new(partition.Number, partition.Offsets.Below(lastStable), partition.Stream.StoredBytesFrom(partition.Stream.Low));

    private ValueTask Look(LivePartition[] partitions, long[] lastStable)
    {
        ValueTask synced;
        using (Command command = host.Engine.BeginCommand(0))
        {
            for (int i = 0; i < partitions.Length; i++) lastStable[i] = partitions[i].LastStable;
            synced = command.Commit();
        }

        return synced;
    }
}
