using Messaging.Storage;

namespace Messaging.Broker.Topics;

/// <summary>Reads stored batches of a partition, and leaves out what the reader may not see. Outside of the sequencer. Hot path.</summary>
internal static class PartitionReader
{
    /// <summary>From an offset to below another one, which is no more than <paramref name="offsets"/> let the reader see.</summary>
    public static FetchedRecords Read(LogEngine engine, LivePartition partition, long from, long to, in PartitionOffsets offsets, int bytesMax, Isolation isolation)
    {
        if (from >= to) return new FetchedRecords(partition.Number, from, to, offsets, null, null);
        // First what was aborted: below the last stable offset nothing comes to it any more.
        AbortedTransaction[] aborted = isolation == Isolation.ReadCommitted && partition.State.Aborted is { } transactions ? transactions.Between(from, to) : [];
        BatchSet batches = engine.ReadBatches(partition.Stream, from, to, bytesMax);
        return new FetchedRecords(partition.Number, from, to, offsets, batches, VisibleBatches.Of(engine, partition.Stream, batches, aborted));
    }
}
