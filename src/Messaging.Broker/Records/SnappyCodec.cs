using System.Buffers.Binary;

namespace Messaging.Broker.Records;

/// <summary>
/// Snappy in both of its forms: one bare block, as librdkafka and Go's clients send it, and the stream of blocks of Kafka's Java client (xerial's snappy-java):
/// a header of 16 bytes, the magic and two versions, then per block its length, 32 bits big-endian, and the block. Written is the latter, which every client reads.
/// </summary>
/// <remarks>The package IronSnappy allocates what a block's preamble announces, 2 GiB for six bytes, and answers with a new array for each block.</remarks>
internal sealed class SnappyCodec : IRecordCodec
{
    private const int StreamHeaderBytes = 16;
    private const int LengthBytes = 4;

    /// <summary>Plain bytes of a block that is written: as many as snappy-java has in one.</summary>
    private const int BlockBytes = 32 * 1024;

    private static ReadOnlySpan<byte> StreamHeader => [0x82, (byte)'S', (byte)'N', (byte)'A', (byte)'P', (byte)'P', (byte)'Y', 0, 0, 0, 0, 1, 0, 0, 0, 1];

    private static ReadOnlySpan<byte> StreamMagic => StreamHeader[..8];

    public string Name => "snappy";

    public bool IsAvailable => true;

    public Decompression Decompress(ReadOnlySpan<byte> source, PooledBytes output)
    {
        if (!source.StartsWith(StreamMagic)) return DecompressBlock(source, output);
        if (source.Length < StreamHeaderBytes) return Decompression.Malformed;
        ReadOnlySpan<byte> rest = source[StreamHeaderBytes..];
        while (!rest.IsEmpty)
        {
            if (!BinaryPrimitives.TryReadInt32BigEndian(rest, out int length) || length < 0 || length > rest.Length - LengthBytes) return Decompression.Malformed;
            Decompression outcome = DecompressBlock(rest.Slice(LengthBytes, length), output);
            if (outcome != Decompression.Whole) return outcome;
            rest = rest[(LengthBytes + length)..];
        }

        return Decompression.Whole;
    }

    public void Compress(ReadOnlySpan<byte> source, PooledBytes output)
    {
        StreamHeader.CopyTo(output.Room(StreamHeaderBytes));
        output.Advance(StreamHeaderBytes);
        while (!source.IsEmpty)
        {
            ReadOnlySpan<byte> plain = source[..Math.Min(source.Length, BlockBytes)];
            Span<byte> room = output.Room(LengthBytes + SnappyWriter.BytesMax(plain.Length));
            int length = SnappyWriter.WriteBlock(plain, room[LengthBytes..]);
            BinaryPrimitives.WriteInt32BigEndian(room, length);
            output.Advance(LengthBytes + length);
            source = source[plain.Length..];
        }
    }

    private static Decompression DecompressBlock(ReadOnlySpan<byte> block, PooledBytes output)
    {
        if (!SnappyReader.TryReadLength(block, out int length, out int preambleBytes)) return Decompression.Malformed;
        Span<byte> room = output.Room(length);
        if (room.Length < length) return Decompression.TooLarge;
        if (!SnappyReader.TryReadBlock(block[preambleBytes..], room[..length])) return Decompression.Malformed;
        output.Advance(length);
        return output.Room(1).IsEmpty ? Decompression.TooLarge : Decompression.Whole;
    }
}
