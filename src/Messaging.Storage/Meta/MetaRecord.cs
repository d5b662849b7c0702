using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Messaging.Storage.Meta;

/// <summary>
/// The root of the folder (docs/formats.md, "META"): which checkpoint counts, and the generation that the journal is in.
/// Little endian, 4,096 bytes, the rest zero.
/// <code>
///  0  4 magic "MMT1"         40  4 generation
///  4  4 CRC-32C from 8 on    44  4 journal slot bytes
///  8  8 counter              48  8 checkpoint id, 0 for none
/// 16  4 format version       56 16 cluster id
/// 20  4 1: stopped clean     72 16 node id
/// 24 16 zero                 88 32 seed of the journal's salts
/// </code>
/// </summary>
internal sealed record MetaRecord(
    long Counter, uint Generation, int JournalSlotBytes, long CheckpointId, bool IsClean, Guid ClusterId, Guid NodeId, ReadOnlyMemory<byte> Seed)
{
    public const int Bytes = 4096;
    public const int SeedBytes = 32;
    public const int FormatVersion = 3;

    /// <summary>The oldest that this build opens: version 2 has packs that were journal files, version 3 entries that several streams share.</summary>
    private const int FormatVersionMin = 1;
    private const uint Magic = 0x31544D4D;

    /// <summary>
    /// What the generation's frame CRCs are seeded with: nobody who does not read META can make bytes that pass for a frame.
    /// </summary>
    public static uint SaltOf(ReadOnlySpan<byte> seed, uint generation)
    {
        Span<byte> input = stackalloc byte[SeedBytes + sizeof(uint)];
        seed.CopyTo(input);
        BinaryPrimitives.WriteUInt32LittleEndian(input[SeedBytes..], generation);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(input, hash);
        return BinaryPrimitives.ReadUInt32LittleEndian(hash);
    }

    public uint Salt => SaltOf(Seed.Span, Generation);

    public void Write(Span<byte> destination)
    {
        destination[..Bytes].Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(destination, Magic);
        BinaryPrimitives.WriteInt64LittleEndian(destination[8..], Counter);
        BinaryPrimitives.WriteInt32LittleEndian(destination[16..], FormatVersion);
        BinaryPrimitives.WriteInt32LittleEndian(destination[20..], IsClean ? 1 : 0);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[40..], Generation);
        BinaryPrimitives.WriteInt32LittleEndian(destination[44..], JournalSlotBytes);
        BinaryPrimitives.WriteInt64LittleEndian(destination[48..], CheckpointId);
        ClusterId.TryWriteBytes(destination[56..]);
        NodeId.TryWriteBytes(destination[72..]);
        Seed.Span.CopyTo(destination[88..]);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[4..], Crc32C.Compute(destination[8..Bytes]));
    }

    /// <summary>Null when these bytes are not a whole record; throws for a format version of another build.</summary>
    public static MetaRecord? Read(ReadOnlySpan<byte> source)
    {
        if (source.Length < Bytes
            || BinaryPrimitives.ReadUInt32LittleEndian(source) != Magic
            || BinaryPrimitives.ReadUInt32LittleEndian(source[4..]) != Crc32C.Compute(source[8..Bytes]))
        {
            return null;
        }

        int version = BinaryPrimitives.ReadInt32LittleEndian(source[16..]);
        if (version is < FormatVersionMin or > FormatVersion)
        {
            throw new StorageFaultException(StorageFault.FormatUnknown,
                $"The data folder has format version {version}; this build reads versions {FormatVersionMin} to {FormatVersion}.");
        }

        return new MetaRecord(
            BinaryPrimitives.ReadInt64LittleEndian(source[8..]),
            BinaryPrimitives.ReadUInt32LittleEndian(source[40..]),
            BinaryPrimitives.ReadInt32LittleEndian(source[44..]),
            BinaryPrimitives.ReadInt64LittleEndian(source[48..]),
            BinaryPrimitives.ReadInt32LittleEndian(source[20..]) == 1,
            new Guid(source.Slice(56, 16)),
            new Guid(source.Slice(72, 16)),
            source.Slice(88, SeedBytes).ToArray());
    }
}
