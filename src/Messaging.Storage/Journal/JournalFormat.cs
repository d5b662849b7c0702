using System.Buffers.Binary;

namespace Messaging.Storage.Journal;

/// <summary>What an entry of a frame says to Storage.</summary>
internal enum EntryType : byte
{
    /// <summary>Bytes: one record batch v2 of the stream.</summary>
    Records = 1,
    /// <summary>Bytes: opaque to Storage, folded by the state machine.</summary>
    State = 2,
    StreamCreated = 3,
    StreamDropped = 4,
    /// <summary>Bytes: streams with an offset in each, then one record batch v2 that is of all of them (<see cref="SharedTargets"/>).</summary>
    Shared = 5,
}

/// <summary>What Storage notes of an entry beside its type.</summary>
[Flags]
internal enum EntryFlags : byte
{
    None = 0,
    /// <summary>Of Records: their times are their producer's, and the stream's last timestamp does not follow them.</summary>
    ProducerTime = 1,
}

/// <summary>
/// The journal's bytes (docs/formats.md, "Journal file"). Little endian; every frame starts on a 4,096-byte boundary and is
/// zero-padded to the next one.
/// <code>
/// frame   0  4 magic "MJF1"
///         4  4 CRC-32C of bytes 8 to length, seeded with the generation's salt
///         8  4 generation        one per opening of the folder
///        12  4 CRC of the frame before
///        16  8 log sequence number
///        24  4 length            header and entries, without padding
///        28  4 entry count
///        32  4 flags             zero
///        36  4 zero
///        40    entries
/// entry   0  1 type
///         1  1 flags             1: records with their producer's times
///         2  2 zero
///         4  4 length of bytes
///         8  8 stream id
///        16  8 base offset       of Records; else zero
///         24    bytes
/// shared  0  4 stream count n    the bytes of a Shared entry
///         4  4 zero
///         8 16 per stream: stream id, base offset
///    8+16n    one record batch, whose base offset is zero: it has another one in each stream
/// </code>
/// </summary>
internal static class JournalFormat
{
    public const uint Magic = 0x31464A4D;
    public const int FrameHeaderBytes = 40;
    public const int EntryHeaderBytes = 24;
    public const int CrcStart = 8;

    public static long Align(long bytes) => (bytes + StorageLimits.FrameAlignment - 1) & -StorageLimits.FrameAlignment;

    /// <summary>All of the header but its CRC, which is that of what is written here too.</summary>
    public static void WriteFrameHeader(Span<byte> frame, in FrameHeader header)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(frame, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[8..], header.Generation);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[12..], header.PreviousCrc);
        BinaryPrimitives.WriteInt64LittleEndian(frame[16..], header.Lsn);
        BinaryPrimitives.WriteInt32LittleEndian(frame[24..], header.Length);
        BinaryPrimitives.WriteInt32LittleEndian(frame[28..], header.EntryCount);
        BinaryPrimitives.WriteInt64LittleEndian(frame[32..], 0);
    }

    public static void WriteFrameCrc(Span<byte> frame, uint crc) => BinaryPrimitives.WriteUInt32LittleEndian(frame[4..], crc);

    /// <summary>The header's fields without a check of the CRC; false when these bytes can't begin a frame of at most <paramref name="room"/> bytes.</summary>
    public static bool TryReadFrameHeader(ReadOnlySpan<byte> frame, long room, out FrameHeader header)
    {
        header = default;
        if (frame.Length < FrameHeaderBytes || BinaryPrimitives.ReadUInt32LittleEndian(frame) != Magic)
        {
            return false;
        }

        header = new FrameHeader(
            BinaryPrimitives.ReadUInt32LittleEndian(frame[8..]),
            BinaryPrimitives.ReadUInt32LittleEndian(frame[12..]),
            BinaryPrimitives.ReadInt64LittleEndian(frame[16..]),
            BinaryPrimitives.ReadInt32LittleEndian(frame[24..]),
            BinaryPrimitives.ReadInt32LittleEndian(frame[28..]),
            BinaryPrimitives.ReadUInt32LittleEndian(frame[4..]));
        return header.Length >= FrameHeaderBytes && header.Length <= room && header.EntryCount >= 0;
    }

    public static bool CrcIsValid(ReadOnlySpan<byte> frame, in FrameHeader header, uint salt) =>
        Crc32C.Compute(frame[CrcStart..header.Length], salt) == header.Crc;

    public static void WriteEntryHeader(Span<byte> entry, EntryType type, int length, long streamId, long baseOffset, EntryFlags flags = EntryFlags.None)
    {
        BinaryPrimitives.WriteInt32LittleEndian(entry, (byte)type | ((byte)flags << 8));
        BinaryPrimitives.WriteInt32LittleEndian(entry[4..], length);
        BinaryPrimitives.WriteInt64LittleEndian(entry[8..], streamId);
        BinaryPrimitives.WriteInt64LittleEndian(entry[16..], baseOffset);
    }
}

/// <summary>A frame's header; <see cref="Crc"/> is only set by reading.</summary>
internal readonly record struct FrameHeader(uint Generation, uint PreviousCrc, long Lsn, int Length, int EntryCount, uint Crc);

/// <summary>One entry of a frame as a view on the frame's bytes.</summary>
internal readonly ref struct FrameEntry(EntryType type, EntryFlags flags, long streamId, long baseOffset, int start, ReadOnlySpan<byte> bytes, bool isShared = false)
{
    /// <summary>Records that other streams have too: what stands in the batch as its base offset is zero.</summary>
    public bool IsShared { get; } = isShared;

    public EntryType Type { get; } = type;
    public EntryFlags Flags { get; } = flags;
    public long StreamId { get; } = streamId;
    public long BaseOffset { get; } = baseOffset;

    /// <summary>Where <see cref="Bytes"/> begin in the frame.</summary>
    public int Start { get; } = start;
    public ReadOnlySpan<byte> Bytes { get; } = bytes;
}

/// <summary>
/// Walks the entries of a frame whose CRC has been checked; stops with <see cref="Malformed"/> on lying lengths. What several streams share is told as an entry of
/// <see cref="EntryType.Records"/> of each.
/// </summary>
internal ref struct FrameEntries(ReadOnlySpan<byte> frame, FrameHeader header)
{
    private readonly ReadOnlySpan<byte> _frame = frame[..header.Length];
    private int _position = JournalFormat.FrameHeaderBytes;
    private int _left = header.EntryCount;
    private SharedTargets _targets;
    private int _target;

    public bool Malformed { get; private set; }

    public FrameEntry Current { get; private set; }

    public bool MoveNext()
    {
        if (_target < _targets.Count)
        {
            (long streamId, long baseOffset) = _targets[_target++];
            Current = new FrameEntry(EntryType.Records, _targets.Flags, streamId, baseOffset, _targets.BatchStart, _targets.Batch, isShared: true);
            return true;
        }

        if (_left == 0)
        {
            Malformed |= _position != _frame.Length;
            return false;
        }

        ReadOnlySpan<byte> rest = _frame[_position..];
        if (rest.Length < JournalFormat.EntryHeaderBytes)
        {
            Malformed = true;
            return false;
        }

        int length = BinaryPrimitives.ReadInt32LittleEndian(rest[4..]);
        if (length < 0 || length > rest.Length - JournalFormat.EntryHeaderBytes)
        {
            Malformed = true;
            return false;
        }

        int start = _position + JournalFormat.EntryHeaderBytes;
        _position = start + length;
        _left--;
        if ((EntryType)rest[0] == EntryType.Shared)
        {
            Malformed = !SharedTargets.TryRead(rest.Slice(JournalFormat.EntryHeaderBytes, length), start, (EntryFlags)rest[1], out _targets);
            _target = 0;
            return !Malformed && MoveNext();
        }

        Current = new FrameEntry(
            (EntryType)rest[0],
            (EntryFlags)rest[1],
            BinaryPrimitives.ReadInt64LittleEndian(rest[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(rest[16..]),
            start,
            rest.Slice(JournalFormat.EntryHeaderBytes, length));
        return true;
    }
}
