using System.Buffers.Binary;

namespace Messaging.Storage.Records;

/// <summary>
/// The 61-byte header of Kafka's record batch v2 (docs/formats.md, "Record batch"), big-endian; the form of all record
/// data, in the journal and in packs.
/// Its CRC-32C covers byte 21 to the end, so that base offset and leader epoch can be assigned later; what comes
/// before byte 21 is protected by the frame or extent around the batch. Hot path: spans only, no allocation.
/// </summary>
/// <remarks>
/// | at | bytes | field |
/// | 0 | 8 | base offset |
/// | 8 | 4 | bytes after this field |
/// | 12 | 4 | leader epoch |
/// | 16 | 1 | magic = 2 |
/// | 17 | 4 | CRC-32C |
/// | 21 | 2 | attributes |
/// | 23 | 4 | last offset delta |
/// | 27 | 8 | base timestamp |
/// | 35 | 8 | maximum timestamp |
/// | 43 | 8 | producer id |
/// | 51 | 2 | producer epoch |
/// | 53 | 4 | base sequence |
/// | 57 | 4 | record count |
/// </remarks>
public static class RecordBatch
{
    public const int HeaderBytes = 61;

    public const byte Magic = 2;

    /// <summary>Set: timestamps are the time of appending; clear: of creation.</summary>
    public const short AppendTimeFlag = 0x08;

    public const short TransactionalFlag = 0x10;

    /// <summary>A control batch takes an offset and is never given to applications.</summary>
    public const short ControlFlag = 0x20;

    /// <summary>What the batch's CRC does not cover: all before it, and itself.</summary>
    internal const int UncheckedBytes = 21;

    private const int BaseOffsetAt = 0;
    private const int LengthAt = 8;
    private const int LeaderEpochAt = 12;
    private const int MagicAt = 16;
    private const int CrcAt = 17;
    private const int AttributesAt = UncheckedBytes;
    private const int LastOffsetDeltaAt = 23;
    private const int BaseTimestampAt = 27;
    private const int MaxTimestampAt = 35;
    private const int ProducerIdAt = 43;
    private const int ProducerEpochAt = 51;
    private const int BaseSequenceAt = 53;
    private const int CountAt = 57;

    /// <summary>Bytes that the length field does not count: base offset and the field itself.</summary>
    private const int UncountedBytes = 12;

    /// <summary>Below it a checksum is computed sooner than combined. Bytes.</summary>
    private const int CombinedBytesMin = 16 << 10;

    /// <summary>Bytes of a batch of one record: 70 beside a value of up to 8,191 bytes without key and headers, less for short ones.</summary>
    public static int MeasureSingle(int bodyBytes) => HeaderBytes + RecordPrefix.MeasureRecord(0, 0, bodyBytes);

    /// <summary>
    /// Writes the header into the first 61 bytes of <paramref name="batch"/>, which is exactly one batch whose records
    /// already stand in place: length and CRC are taken from it.
    /// </summary>
    public static void WriteHeader(
        Span<byte> batch,
        long baseOffset,
        int lastOffsetDelta,
        long baseTimestamp,
        long maxTimestamp,
        int count,
        short attributes = 0,
        long producerId = -1,
        short producerEpoch = -1,
        int baseSequence = -1,
        int leaderEpoch = 0)
    {
        // First the last byte: one bounds check for all that follows.
        BinaryPrimitives.WriteInt32BigEndian(batch[CountAt..HeaderBytes], count);
        BinaryPrimitives.WriteInt64BigEndian(batch[BaseOffsetAt..], baseOffset);
        BinaryPrimitives.WriteInt32BigEndian(batch[LengthAt..], batch.Length - UncountedBytes);
        BinaryPrimitives.WriteInt32BigEndian(batch[LeaderEpochAt..], leaderEpoch);
        batch[MagicAt] = Magic;
        BinaryPrimitives.WriteInt16BigEndian(batch[AttributesAt..], attributes);
        BinaryPrimitives.WriteInt32BigEndian(batch[LastOffsetDeltaAt..], lastOffsetDelta);
        BinaryPrimitives.WriteInt64BigEndian(batch[BaseTimestampAt..], baseTimestamp);
        BinaryPrimitives.WriteInt64BigEndian(batch[MaxTimestampAt..], maxTimestamp);
        BinaryPrimitives.WriteInt64BigEndian(batch[ProducerIdAt..], producerId);
        BinaryPrimitives.WriteInt16BigEndian(batch[ProducerEpochAt..], producerEpoch);
        BinaryPrimitives.WriteInt32BigEndian(batch[BaseSequenceAt..], baseSequence);
        BinaryPrimitives.WriteUInt32BigEndian(batch[CrcAt..], Crc32C.Compute(batch[AttributesAt..]));
    }

    /// <summary>Gives a batch its place in a stream; its CRC stays valid.</summary>
    public static void AssignPlace(Span<byte> batch, long baseOffset, int leaderEpoch = 0)
    {
        BinaryPrimitives.WriteInt32BigEndian(batch[LeaderEpochAt..], leaderEpoch);
        BinaryPrimitives.WriteInt64BigEndian(batch[BaseOffsetAt..], baseOffset);
    }

    /// <summary>The whole size of the batch that begins here, from its first 12 bytes; false when they are missing or no batch can have that size.</summary>
    public static bool TryReadTotalBytes(ReadOnlySpan<byte> source, out int totalBytes)
    {
        totalBytes = 0;
        if (source.Length < UncountedBytes)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadInt32BigEndian(source[LengthAt..]);
        if (length is < HeaderBytes - UncountedBytes or > int.MaxValue - UncountedBytes)
        {
            return false;
        }

        totalBytes = length + UncountedBytes;
        return true;
    }

    /// <summary>
    /// Reads the header of the batch at the start of <paramref name="source"/>, which may go on after it. False unless
    /// the whole batch is there, its magic is 2, and offsets and count are possible. Does not check the CRC.
    /// </summary>
    public static bool TryReadHeader(ReadOnlySpan<byte> source, out RecordBatchHeader header)
    {
        header = default;
        return TryReadTotalBytes(source, out var totalBytes) && totalBytes <= source.Length && TryReadStart(source, out header);
    }

    /// <summary>As <see cref="TryReadHeader"/>, of a batch of which only the start need be there, 61 bytes or more.</summary>
    internal static bool TryReadStart(ReadOnlySpan<byte> source, out RecordBatchHeader header)
    {
        header = default;
        if (!TryReadTotalBytes(source, out var totalBytes) || source[MagicAt] != Magic)
        {
            return false;
        }

        header = ReadHeader(source, totalBytes);
        return IsPossible(header);
    }

    /// <summary>The format's version, of 61 bytes or more: 2, or that of a format before this one, which has it at the same place.</summary>
    public static byte ReadMagic(ReadOnlySpan<byte> batch) => batch[MagicAt];

    /// <summary>
    /// The header as it stands there, of 61 bytes or more, whatever its numbers say: for who refuses them by name. Everyone else
    /// asks <see cref="TryReadHeader"/>.
    /// </summary>
    public static RecordBatchHeader ReadHeader(ReadOnlySpan<byte> source, int totalBytes)
        => new(
            BinaryPrimitives.ReadInt64BigEndian(source[BaseOffsetAt..]),
            totalBytes,
            BinaryPrimitives.ReadInt32BigEndian(source[LastOffsetDeltaAt..]),
            BinaryPrimitives.ReadInt64BigEndian(source[BaseTimestampAt..]),
            BinaryPrimitives.ReadInt64BigEndian(source[MaxTimestampAt..]),
            BinaryPrimitives.ReadInt32BigEndian(source[CountAt..]),
            BinaryPrimitives.ReadInt16BigEndian(source[AttributesAt..]),
            BinaryPrimitives.ReadInt64BigEndian(source[ProducerIdAt..]),
            BinaryPrimitives.ReadInt16BigEndian(source[ProducerEpochAt..]),
            BinaryPrimitives.ReadInt32BigEndian(source[BaseSequenceAt..]),
            BinaryPrimitives.ReadInt32BigEndian(source[LeaderEpochAt..]));

    /// <summary>Whether the batch at the start of <paramref name="source"/> is whole and its bytes from 21 on are those that were written.</summary>
    public static bool CrcIsValid(ReadOnlySpan<byte> source)
        => TryReadTotalBytes(source, out var totalBytes)
            && totalBytes <= source.Length
            && ReadCrc(source) == Crc32C.Compute(source[AttributesAt..totalBytes]);

    /// <summary>Goes on from the checksum of earlier parts over a batch whose own CRC is valid: that stands for its bytes where there are many of them.</summary>
    internal static uint AppendTo(uint checksum, ReadOnlySpan<byte> batch) => batch.Length < CombinedBytesMin
        ? Crc32C.Append(checksum, batch)
        : Crc32C.Combine(Crc32C.Append(checksum, batch[..UncheckedBytes]), ReadCrc(batch), batch.Length - UncheckedBytes);

    /// <summary>The checksum of a whole batch of so many bytes from its start alone: its own CRC stands for the rest.</summary>
    internal static uint ChecksumOf(ReadOnlySpan<byte> start, int totalBytes)
        => Crc32C.Combine(Crc32C.Compute(start[..UncheckedBytes]), ReadCrc(start), totalBytes - UncheckedBytes);

    /// <summary>As it stands there, right or wrong.</summary>
    internal static uint ReadCrc(ReadOnlySpan<byte> batch) => BinaryPrimitives.ReadUInt32BigEndian(batch[CrcAt..]);

    // A compacted batch has fewer records than offsets, never more.
    private static bool IsPossible(in RecordBatchHeader header)
        => header.BaseOffset >= 0
            && header.LastOffsetDelta >= 0
            && header.BaseOffset <= long.MaxValue - header.LastOffsetDelta
            && header.Count >= 0
            && header.Count <= header.LastOffsetDelta + 1L;
}
