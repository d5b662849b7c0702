using Messaging.Storage.Records;

namespace Messaging.Broker.Records;

/// <summary>The broker's time in place of the producer's: all records of the batch then have its maximum timestamp, whatever their deltas say.</summary>
internal static class AppendTime
{
    /// <summary>Sets type and time of a whole batch that was validated, in place, compressed or not, and its checksum; before it gets its place.</summary>
    public static void Set(Span<byte> batch, long timestampMs)
    {
        RecordBatchHeader header = RecordBatch.ReadHeader(batch, batch.Length);
        RecordBatch.WriteHeader(
            batch,
            header.BaseOffset,
            header.LastOffsetDelta,
            header.BaseTimestamp,
            timestampMs,
            header.Count,
            (short)(header.Attributes | RecordBatch.AppendTimeFlag),
            header.ProducerId,
            header.ProducerEpoch,
            header.BaseSequence);
    }
}
