using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Storage;

namespace Messaging.Broker.Topics;

/// <summary>Drops the records of a partition below an offset, as Kafka's DeleteRecords does. Cancellation counts until the command is sequenced.</summary>
internal sealed class DeleteRecords(TopicHost host)
{
    private static readonly int Bytes = Command.StateBytes(PartitionEntries.TrimmedBytesMax);

    /// <summary>The partition's ends afterwards. <see cref="FetchRequest.Latest"/> drops all that can be read.</summary>
    public async ValueTask<Result<PartitionOffsets>> RunAsync(TopicKey key, int number, long before, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Calls.Enter();
        if (host.Find(key, number, out LivePartition partition) is { } refusal) return await host.ToldAsync(refusal);
        using Admission admission = await host.Engine.AdmitStateAsync(Bytes, cancellationToken);
        if (admission.IsRefused) return await host.WhyNotAdmittedAsync();
        await Sequence(key, partition, before, out Result<PartitionOffsets> result);
        return result;
    }

    private ValueTask Sequence(TopicKey key, LivePartition partition, long before, out Result<PartitionOffsets> result)
    {
        ValueTask synced;
        using (Command command = host.Engine.BeginCommand(Bytes))
        {
            PartitionOffsets offsets = partition.Offsets;
            long below = before == FetchRequest.Latest ? offsets.HighWatermark : before;
            if (partition.Deleted) result = TopicHost.TopicNotFound(key);
            else if (below < 0 || below > offsets.HighWatermark) result = FetchRecords.OutOfRange(below, offsets) with { Field = "before" };
            else
            {
                if (below > offsets.Low) Trim(command, partition, below, host.Clock.NowMs());
                result = partition.Offsets;
            }

            synced = command.Commit();
        }

        return synced;
    }

    /// <summary>Inside a command: appended and applied.</summary>
    public static void Trim(in Command command, LivePartition partition, long below, long now)
    {
        Span<byte> entry = stackalloc byte[PartitionEntries.TrimmedBytesMax];
        command.AppendState(partition.Stream, PartitionEntries.Trimmed(entry, now, below));
        partition.State.Advance(now);
        partition.State.ApplyTrimmed(below);
    }
}
