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

        return header.Compression == RecordCompression.None && CountReleased(bytes, null) < 0 ? "the records of a batch are malformed" : null;
    }

    /// <summary>Records of a sound batch that are not released.</summary>
    public static long CountLiving(ReadOnlySpan<byte> batch, in RecordBatchHeader header, OffsetSet released) =>
        header.Compression == RecordCompression.None
            ? header.Count - CountReleased(batch, released)
            : header.LastOffsetDelta + 1 - released.CountIn(header.BaseOffset, header.LastOffset + 1);

    // Records that are released, or -1 when the records can't be walked.
    private static long CountReleased(ReadOnlySpan<byte> batch, OffsetSet? released)
    {
        RecordBatch.TryReadHeader(batch, out RecordBatchHeader header);
        long count = 0;
        var records = new RecordEnumerator(batch);
        while (records.MoveNext())
        {
            count += released?.Contains(header.BaseOffset + records.OffsetDelta) == true ? 1 : 0;
        }

        return records.Malformed ? -1 : count;
    }
}
