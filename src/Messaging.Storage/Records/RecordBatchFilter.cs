using Messaging.Storage.Streams;

namespace Messaging.Storage.Records;

/// <summary>Leaves released records out of a batch; what stays keeps its offsets, as Kafka's compaction does.</summary>
public static class RecordBatchFilter
{
    /// <summary>Words of 64 bits that speak of all offsets of a batch.</summary>
    public static int WordsOf(in RecordBatchHeader header) => (header.LastOffsetDelta / OffsetBits.WordBits) + 1;

    /// <summary>
    /// Bit n of <paramref name="released"/> speaks of base offset + n; bits behind the last offset say nothing. Returns the source itself when all of it lives or can't be
    /// taken apart (its records are compressed, or only offsets without records live), the rebuilt batch in <paramref name="buffer"/> (at least as long as the source)
    /// otherwise, nothing when nothing lives. A rebuilt batch keeps all of its header but count, length, CRC and, where times are the producer's, the maximum timestamp.
    /// </summary>
    public static ReadOnlySpan<byte> KeepLive(ReadOnlySpan<byte> batch, in RecordBatchHeader header, ReadOnlySpan<ulong> released, Span<byte> buffer)
    {
        int dead = OffsetBits.Count(released, 0, header.LastOffsetDelta + 1);
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
        long maxTimestamp = header.HasAppendTime ? header.MaxTimestamp : long.MinValue;
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
            return batch;
        }

        RecordBatch.WriteHeader(
            buffer[..length], header.BaseOffset, header.LastOffsetDelta, header.BaseTimestamp, maxTimestamp, count,
            header.Attributes, header.ProducerId, header.ProducerEpoch, header.BaseSequence, header.LeaderEpoch);
        return buffer[..length];
    }
}
