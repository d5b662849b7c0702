using Messaging.Storage;

namespace Messaging.Broker.Topics;

/// <summary>Reads stored batches of partitions, and leaves out what the reader may not see. Outside of the sequencer. One instance a broker; thread-safe. Hot path.</summary>
internal sealed class PartitionReader(LogEngine engine, TimeProvider time)
{
    private readonly ReadPace _pace = new(time, () => engine.IsCommitting);

    /// <summary>Before a read from that offset: where it is no longer in the journal the reader may have to rest, by <see cref="ReadPace"/>.</summary>
    public ValueTask RestAsync(LivePartition partition, long offset, CancellationToken cancellationToken) =>
        partition.Stream.IsInTail(offset) ? ValueTask.CompletedTask : _pace.RestAsync(cancellationToken);

    /// <summary>From an offset to below another one, which is no more than <paramref name="offsets"/> let the reader see.</summary>
    public FetchedRecords Read(LivePartition partition, long from, long to, in PartitionOffsets offsets, int bytesMax, Isolation isolation)
    {
        if (from >= to) return new FetchedRecords(partition.Number, from, to, offsets, null, null);
        // First what was aborted: below the last stable offset nothing comes to it any more.
        AbortedTransaction[] aborted = isolation == Isolation.ReadCommitted && partition.State.Aborted is { } transactions ? transactions.Between(from, to) : [];
        long began = time.GetTimestamp();
        BatchSet batches = engine.ReadBatches(partition.Stream, from, to, bytesMax);
        if (batches.ReadsDisk) _pace.Add(began);
        return new FetchedRecords(partition.Number, from, to, offsets, batches, VisibleBatches.Of(engine, partition.Stream, batches, aborted));
    }
}
