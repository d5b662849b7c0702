using System.Numerics;
using Messaging.Storage.Records;

namespace Messaging.Storage.Maintenance;

/// <summary>Leaves released records out of a batch; what stays keeps its offsets, as Kafka's compaction does.</summary>
internal static class BatchFilter
{
    /// <summary>
    /// Bit n of <paramref name="released"/> speaks of base offset + n. Returns the source itself when all of it lives or when its
    /// records are compressed, the rebuilt batch in <paramref name="buffer"/> (at least as long as the source) otherwise, nothing
    /// when nothing lives.
    /// </summary>
    public static ReadOnlySpan<byte> KeepLive(ReadOnlySpan<byte> batch, in RecordBatchHeader header, ReadOnlySpan<ulong> released, Span<byte> buffer)
    {
        int dead = 0;
        foreach (ulong word in released)
        {
            dead += BitOperations.PopCount(word);
        }

        if (dead > header.LastOffsetDelta)
        {
            return default;
        }

        if (dead == 0 || header.Compression != RecordCompression.None)
        {
            return batch;
        }

        int length = RecordBatch.HeaderBytes;
        int count = 0;
        long maxTimestamp = 0;
        var records = new RecordEnumerator(batch);
        while (records.MoveNext())
        {
            if ((released[records.OffsetDelta >> 6] >> (records.OffsetDelta & 63) & 1) == 0)
            {
                length += RecordPrefix.WriteRecord(buffer[length..], records.OffsetDelta, records.TimestampDelta, records.Body);
                maxTimestamp = Math.Max(maxTimestamp, header.BaseTimestamp + records.TimestampDelta);
                count++;
            }
        }

        if (count == 0)
        {
            return default;
        }

        RecordBatch.WriteHeader(
            buffer[..length], header.BaseOffset, header.LastOffsetDelta, header.BaseTimestamp, maxTimestamp, count,
            header.Attributes, header.ProducerId, header.ProducerEpoch, header.BaseSequence);
        return buffer[..length];
    }
}
