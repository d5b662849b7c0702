using Messaging.Storage;

namespace Messaging.Broker.Topics;

/// <summary>Reads stored batches of partitions, and leaves out what the reader may not see. Outside of the sequencer. One instance a broker; thread-safe. Hot path.</summary>
internal sealed class PartitionReader(LogEngine engine, TimeProvider time)
{
    private readonly ReadPace _pace = new(time, () => engine.IsCommitting);

    /// <summary>
    /// From an offset to below another one, which is no more than <paramref name="offsets"/> let the reader see. Who reads what is no longer in the journal may have to rest first; cancellation ends that.
    /// </summary>
    public async ValueTask<FetchedRecords> ReadAsync(
        LivePartition partition, long from, long to, PartitionOffsets offsets, int bytesMax, Isolation isolation, CancellationToken cancellationToken)
    {
        if (from >= to) return new FetchedRecords(partition.Number, from, to, offsets, null, null);
        if (!partition.Stream.IsInTail(from)) await _pace.RestAsync(cancellationToken);
        // First what was aborted: below the last stable offset nothing comes to it any more.
        AbortedTransaction[] aborted = isolation == Isolation.ReadCommitted && partition.State.Aborted is { } transactions ? transactions.Between(from, to) : [];
        long began = time.GetTimestamp();
        BatchSet batches = engine.ReadBatches(partition.Stream, from, to, bytesMax);
        if (batches.ReadsDisk) _pace.Add(time.GetElapsedTime(began));
        return new FetchedRecords(partition.Number, from, to, offsets, batches, VisibleBatches.Of(engine, partition.Stream, batches, aborted));
    }
}
