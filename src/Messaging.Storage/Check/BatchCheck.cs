using Messaging.Storage.Records;
using Messaging.Storage.Streams;

namespace Messaging.Storage.Check;

/// <summary>One record batch: header, checksum, and records that are exactly those announced. Compressed records are not unpacked.</summary>
internal static class BatchCheck
{
    /// <summary>What is wrong with the batch at the start of the bytes; null when nothing is.</summary>
    public static string? FindFlaw(ReadOnlySpan<byte> bytes, out RecordBatchHeader header)
    {
        if (!RecordBatch.TryReadHeader(bytes, out header))
        {
            return "no whole record batch";
        }

        if (!RecordBatch.CrcIsValid(bytes))
        {
            return "a record batch fails its checksum";
        }

        return header.Compression == RecordCompression.None && !RecordsAreSound(bytes) ? "the records of a batch are malformed" : null;
    }

    /// <summary>
    /// Offsets of a sound batch that are not released. Not its records: a producer's batch may have fewer than offsets, and what was
    /// left out of it since can't be told from that.
    /// </summary>
    public static long CountLiving(in RecordBatchHeader header, OffsetSet released) =>
        header.LastOffsetDelta + 1L - released.CountIn(header.BaseOffset, header.LastOffset + 1);

    private static bool RecordsAreSound(ReadOnlySpan<byte> batch)
    {
        var records = new RecordEnumerator(batch);
        while (records.MoveNext())
        {
        }

        return !records.Malformed;
    }
}
