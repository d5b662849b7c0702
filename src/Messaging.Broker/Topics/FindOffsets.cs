using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Records;
using Messaging.Storage;
using Messaging.Storage.Records;

namespace Messaging.Broker.Topics;

/// <summary>
/// Where partitions have records of a time, as Kafka's ListOffsets does: the first record of that time or later, in the order of offsets. The index says near which batch it is; from there batches
/// are read until one has it.
/// </summary>
internal sealed class FindOffsets(TopicHost host)
{
    private const int ReadBytes = 1024 * 1024;

    public async ValueTask<Result<IReadOnlyList<FoundOffset>>> RunAsync(TopicKey key, int? number, long timestampMs, CancellationToken cancellationToken)
    {
        using CallCounter.Call call = host.Calls.Enter();
        cancellationToken.ThrowIfCancellationRequested();
        if (host.Find(key, out LiveTopic topic) is { } refusal) return await host.ToldAsync(refusal);
        if (timestampMs is < FetchRequest.Earliest or > MessageLimits.TimestampMsMax) return new BrokerError(ErrorCode.InvalidValue, "A time is one from 1970 to 9999.", "at");
        LivePartition[] partitions = topic.Partitions;
        if (number is { } one)
        {
            if ((uint)one >= (uint)partitions.Length) return await host.ToldAsync(TopicHost.PartitionNotFound(topic, one));
            partitions = [partitions[one]];
        }

        var found = new FoundOffset[partitions.Length];
        for (int i = 0; i < found.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Find(partitions[i], timestampMs, out found[i]) is { } overloaded) return overloaded;
        }

        await host.Engine.SyncedAsync();
        return found;
    }

    // Null, or that there is no memory to look now.
    private BrokerError? Find(LivePartition partition, long timestampMs, out FoundOffset found)
    {
        PartitionOffsets offsets = partition.Offsets;
        found = new FoundOffset(partition.Number, timestampMs == FetchRequest.Earliest ? offsets.Low : offsets.HighWatermark, null);
        if (timestampMs is FetchRequest.Earliest or FetchRequest.Latest) return null;
        long from = Math.Max(offsets.Low, partition.Stream.FirstAtOrAfter(timestampMs) ?? offsets.HighWatermark);
        while (from < offsets.HighWatermark)
        {
            using BatchSet batches = host.Engine.ReadBatches(partition.Stream, from, offsets.HighWatermark, ReadBytes);
            for (int i = 0; i < batches.Count; i++)
            {
                RecordBatchHeader header = batches[i].Header;
                BrokerError? overloaded = null;
                if (header.MaxTimestamp >= timestampMs && TryFind(partition, offsets, batches[i], timestampMs, ref found, out overloaded)) return null;
                if (overloaded is not null) return overloaded;
                from = header.LastOffset + 1;
            }

            if (batches.Count > 0) continue;
            if (batches.State != StoredRecordState.Damaged) break;
            // What is damaged is of no time that anybody knows.
            from = batches.UnreadableEnd;
        }

        return null;
    }

    private bool TryFind(LivePartition partition, in PartitionOffsets offsets, in StoredBatch batch, long timestampMs, ref FoundOffset found, out BrokerError? overloaded)
    {
        overloaded = null;
        if (batch.Header.IsControl) return false;
        var records = new BatchRecords(batch.Bytes);
        bool isFound = false;
        while (!isFound && records.MoveNext())
        {
            isFound = records.Offset >= offsets.Low && records.TimestampMs >= timestampMs && !IsReleased(partition.Stream, records.Offset);
            if (isFound) found = new FoundOffset(partition.Number, records.Offset, records.TimestampMs);
        }

        overloaded = records.Refusal is { Code: ErrorCode.Overloaded } refusal ? refusal : null;
        records.Dispose();
        return isFound;
    }

    // Compaction has taken it out, and its bytes are still there.
    private bool IsReleased(LogStream stream, long offset)
    {
        if (!stream.HasReleasedAboveLow) return offset < stream.Low;
        ulong bit = 0;
        host.Engine.CopyReleased(stream, offset, new Span<ulong>(ref bit));
        return (bit & 1) != 0;
    }
}
