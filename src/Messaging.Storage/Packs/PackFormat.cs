using System.Buffers.Binary;

namespace Messaging.Storage.Packs;

/// <summary>
/// A pack's bytes (docs/formats.md, "Pack file"). Little endian; immutable once sealed.
/// <code>
/// header   0  4 magic "MPK1"
///          4  4 CRC-32C of bytes 8 to 24
///          8  8 pack id
///         16  8 zero
/// blocks  24    whole record batches of one stream each, about 32 KiB
/// index         extents: stream id 8, base offset 8, end offset 8, maximum timestamp 8, bytes 8, record count 8, first block 4,
///                        block count 4
///               blocks:  base offset 8, position 8, length 4, CRC-32C of the block 4
/// footer  -32 8 position of the index
///         -24 4 extent count
///         -20 4 block count
///         -16 8 pack id
///          -8 4 CRC-32C of the index and of the footer's first 24 bytes
///          -4 4 magic "MPKF", or "MPKJ": a journal file that became a pack
/// </code>
/// Extents are sorted by (stream id, base offset). A pack that was a journal file has no header of a pack: at its begin stand frames, whose larger batches are its
/// blocks, and the index stands behind the size of a journal file.
/// </summary>
internal static class PackFormat
{
    public const int HeaderBytes = 24;
    public const int ExtentBytes = 56;
    public const int BlockBytes = 24;
    public const int FooterBytes = 32;
    private const uint HeaderMagic = 0x314B504D;
    private const uint FooterMagic = 0x464B504D;
    private const uint JournalFooterMagic = 0x4A4B504D;

    public static void WriteHeader(Span<byte> header, long id)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(header, HeaderMagic);
        BinaryPrimitives.WriteInt64LittleEndian(header[8..], id);
        BinaryPrimitives.WriteInt64LittleEndian(header[16..], 0);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], Crc32C.Compute(header[8..HeaderBytes]));
    }

    public static bool HeaderIsValid(ReadOnlySpan<byte> header, long id) =>
        BinaryPrimitives.ReadUInt32LittleEndian(header) == HeaderMagic
        && BinaryPrimitives.ReadInt64LittleEndian(header[8..]) == id
        && BinaryPrimitives.ReadUInt32LittleEndian(header[4..]) == Crc32C.Compute(header[8..HeaderBytes]);

    public static void WriteExtent(Span<byte> destination, in PackedExtent extent)
    {
        BinaryPrimitives.WriteInt64LittleEndian(destination, extent.StreamId);
        BinaryPrimitives.WriteInt64LittleEndian(destination[8..], extent.BaseOffset);
        BinaryPrimitives.WriteInt64LittleEndian(destination[16..], extent.EndOffset);
        BinaryPrimitives.WriteInt64LittleEndian(destination[24..], extent.MaxTimestamp);
        BinaryPrimitives.WriteInt64LittleEndian(destination[32..], extent.Bytes);
        BinaryPrimitives.WriteInt64LittleEndian(destination[40..], extent.Count);
        BinaryPrimitives.WriteInt32LittleEndian(destination[48..], extent.FirstBlock);
        BinaryPrimitives.WriteInt32LittleEndian(destination[52..], extent.BlockCount);
    }

    public static PackedExtent ReadExtent(ReadOnlySpan<byte> source) => new(
        BinaryPrimitives.ReadInt64LittleEndian(source),
        BinaryPrimitives.ReadInt64LittleEndian(source[8..]),
        BinaryPrimitives.ReadInt64LittleEndian(source[16..]),
        BinaryPrimitives.ReadInt64LittleEndian(source[24..]),
        BinaryPrimitives.ReadInt64LittleEndian(source[32..]),
        BinaryPrimitives.ReadInt64LittleEndian(source[40..]),
        BinaryPrimitives.ReadInt32LittleEndian(source[48..]),
        BinaryPrimitives.ReadInt32LittleEndian(source[52..]));

    public static void WriteBlock(Span<byte> destination, in PackBlock block)
    {
        BinaryPrimitives.WriteInt64LittleEndian(destination, block.BaseOffset);
        BinaryPrimitives.WriteInt64LittleEndian(destination[8..], block.Position);
        BinaryPrimitives.WriteInt32LittleEndian(destination[16..], block.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[20..], block.Crc);
    }

    public static PackBlock ReadBlock(ReadOnlySpan<byte> source) => new(
        BinaryPrimitives.ReadInt64LittleEndian(source),
        BinaryPrimitives.ReadInt64LittleEndian(source[8..]),
        BinaryPrimitives.ReadInt32LittleEndian(source[16..]),
        BinaryPrimitives.ReadUInt32LittleEndian(source[20..]));

    /// <summary>The footer's CRC goes on from the index's.</summary>
    public static void WriteFooter(Span<byte> footer, in PackFooter value, uint indexCrc)
    {
        BinaryPrimitives.WriteInt64LittleEndian(footer, value.IndexPosition);
        BinaryPrimitives.WriteInt32LittleEndian(footer[8..], value.ExtentCount);
        BinaryPrimitives.WriteInt32LittleEndian(footer[12..], value.BlockCount);
        BinaryPrimitives.WriteInt64LittleEndian(footer[16..], value.PackId);
        BinaryPrimitives.WriteUInt32LittleEndian(footer[24..], Crc32C.Append(indexCrc, footer[..24]));
        BinaryPrimitives.WriteUInt32LittleEndian(footer[28..], value.WasJournal ? JournalFooterMagic : FooterMagic);
    }

    /// <summary>False when these can't be the last bytes of a pack of <paramref name="fileBytes"/>; the CRC is checked with the index.</summary>
    public static bool TryReadFooter(ReadOnlySpan<byte> footer, long fileBytes, out PackFooter value)
    {
        value = new PackFooter(
            BinaryPrimitives.ReadInt64LittleEndian(footer),
            BinaryPrimitives.ReadInt32LittleEndian(footer[8..]),
            BinaryPrimitives.ReadInt32LittleEndian(footer[12..]),
            BinaryPrimitives.ReadInt64LittleEndian(footer[16..]),
            BinaryPrimitives.ReadUInt32LittleEndian(footer[28..]) == JournalFooterMagic);
        return BinaryPrimitives.ReadUInt32LittleEndian(footer[28..]) is FooterMagic or JournalFooterMagic
            && value is { IndexPosition: >= HeaderBytes, ExtentCount: >= 0, BlockCount: >= 0 }
            && value.IndexBytes <= Array.MaxLength
            && value.IndexPosition + value.IndexBytes + FooterBytes == fileBytes;
    }

    public static bool CrcIsValid(ReadOnlySpan<byte> index, ReadOnlySpan<byte> footer) =>
        BinaryPrimitives.ReadUInt32LittleEndian(footer[24..]) == Crc32C.Append(Crc32C.Compute(index), footer[..24]);
}

internal readonly record struct PackedExtent(
    long StreamId, long BaseOffset, long EndOffset, long MaxTimestamp, long Bytes, long Count, int FirstBlock, int BlockCount)
{
    /// <summary>Released offsets in batches that were copied whole, since nothing can be left out of compressed records. Not in the file.</summary>
    public long KeptDead { get; init; }
}

/// <summary>Whole batches of one stream: the unit of reading and of the CRC, which also covers what a batch's own CRC leaves out.</summary>
internal readonly record struct PackBlock(long BaseOffset, long Position, int Length, uint Crc);

internal readonly record struct PackFooter(long IndexPosition, int ExtentCount, int BlockCount, long PackId, bool WasJournal)
{
    public long IndexBytes => ((long)ExtentCount * PackFormat.ExtentBytes) + ((long)BlockCount * PackFormat.BlockBytes);
}
