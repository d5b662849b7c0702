using System.Diagnostics.CodeAnalysis;
using Messaging.Storage.Records;

namespace Messaging.Broker.Records;

/// <summary>The same batch with other compression: all else of its header stays, and its checksum is made again. Before it gets its place: the leader's epoch is 0.</summary>
internal static class BatchCompression
{
    private const short CompressionMask = 0x07;

    /// <summary>The batch without compression, in memory that the caller gives back; false, and none, where it can't be read or is more than <see cref="BatchLimits.BatchBytesUncompressedMax"/>.</summary>
    public static bool TryUncompress(ReadOnlySpan<byte> batch, [NotNullWhen(true)] out PooledBytes? uncompressed)
    {
        uncompressed = null;
        if (!RecordBatch.TryReadHeader(batch, out RecordBatchHeader header) || RecordCodecs.WhyNot(header.Compression) is not null) return false;
        var output = new PooledBytes(RecordBatch.HeaderBytes + BatchLimits.BatchBytesUncompressedMax);
        ReadOnlySpan<byte> records = batch[RecordBatch.HeaderBytes..header.TotalBytes];
        _ = output.Room(RecordBatch.HeaderBytes);
        output.Advance(RecordBatch.HeaderBytes);
        if (!TryDecompress(header.Compression, records, output))
        {
            output.Dispose();
            return false;
        }

        WriteHeader(output.Writable, header, RecordCompression.None);
        uncompressed = output;
        return true;
    }

    /// <summary>Writes a batch that is not compressed to the end of the output, compressed by a codec that is available.</summary>
    public static void Compress(ReadOnlySpan<byte> batch, RecordCompression compression, PooledBytes output)
    {
        bool isReadable = RecordBatch.TryReadHeader(batch, out RecordBatchHeader header) && header.Compression == RecordCompression.None;
        Invariant.Check(isReadable, "Only records that are plain can be compressed.");
        int start = output.Length;
        _ = output.Room(RecordBatch.HeaderBytes);
        output.Advance(RecordBatch.HeaderBytes);
        ReadOnlySpan<byte> records = batch[RecordBatch.HeaderBytes..header.TotalBytes];
        if (RecordCodecs.Find(compression) is { } codec) codec.Compress(records, output);
        else Copy(records, output);
        WriteHeader(output.Writable[start..], header, compression);
    }

    private static bool TryDecompress(RecordCompression compression, ReadOnlySpan<byte> records, PooledBytes output)
    {
        if (RecordCodecs.Find(compression) is { } codec) return codec.Decompress(records, output) == Decompression.Whole;
        Copy(records, output);
        return output.Length <= RecordBatch.HeaderBytes + BatchLimits.BatchBytesUncompressedMax;
    }

    private static void Copy(ReadOnlySpan<byte> records, PooledBytes output)
    {
        records.CopyTo(output.Room(records.Length));
        output.Advance(records.Length);
    }

    private static void WriteHeader(Span<byte> batch, in RecordBatchHeader header, RecordCompression compression)
        => RecordBatch.WriteHeader(
            batch,
            header.BaseOffset,
            header.LastOffsetDelta,
            header.BaseTimestamp,
            header.MaxTimestamp,
            header.Count,
            (short)((header.Attributes & ~CompressionMask) | (int)compression),
            header.ProducerId,
            header.ProducerEpoch,
            header.BaseSequence);
}
