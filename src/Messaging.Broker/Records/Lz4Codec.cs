namespace Messaging.Broker.Records;

/// <summary>LZ4 as one standard frame (LZ4 Frame Format 1.6.1), which is what batches of version 2 carry, by the machine's liblz4.</summary>
internal sealed class Lz4Codec : IRecordCodec
{
    /// <summary>LZ4F_blockIndependent, LZ4F_max64KB: the only blocks that Kafka's Java client reads, and the size that it writes.</summary>
    private static readonly LibLz4.Preferences Preferences = new() { BlockMode = 1, BlockSizeId = 4 };

    public string Name => "lz4";

    public bool IsAvailable => LibLz4.IsAvailable;

    public Decompression Decompress(ReadOnlySpan<byte> source, PooledBytes output)
    {
        if (source.IsEmpty) return Decompression.Malformed;
        Invariant.Check(LibLz4.IsError(LibLz4.CreateDecompression(out nint context, LibLz4.Version)) == 0, "A context needs nothing but memory.");
        try
        {
            return Decompress(context, source, output);
        }
        finally
        {
            _ = LibLz4.FreeDecompression(context);
        }
    }

    public unsafe void Compress(ReadOnlySpan<byte> source, PooledBytes output)
    {
        Span<byte> room = output.Room((int)LibLz4.CompressFrameBound((nuint)source.Length, Preferences));
        fixed (byte* to = room)
        fixed (byte* from = source)
        {
            nuint written = LibLz4.CompressFrame(to, (nuint)room.Length, from, (nuint)source.Length, Preferences);
            Invariant.Check(LibLz4.IsError(written) == 0, "A frame has room by its bound.");
            output.Advance((int)written);
        }
    }

    private static unsafe Decompression Decompress(nint context, ReadOnlySpan<byte> source, PooledBytes output)
    {
        while (true)
        {
            Span<byte> room = output.Room(1);
            if (room.IsEmpty) return Decompression.TooLarge;
            nuint outputBytes = (nuint)room.Length;
            nuint sourceBytes = (nuint)source.Length;
            nuint left;
            fixed (byte* to = room)
            fixed (byte* from = source)
            {
                left = LibLz4.Decompress(context, to, ref outputBytes, from, ref sourceBytes, options: 0);
            }

            if (LibLz4.IsError(left) != 0) return Decompression.Malformed;
            output.Advance((int)outputBytes);
            source = source[(int)sourceBytes..];
            if (left == 0) return Ended(source, output);
            if (outputBytes == 0 && sourceBytes == 0) return Decompression.Malformed;
        }
    }

    private static Decompression Ended(ReadOnlySpan<byte> rest, PooledBytes output)
    {
        if (!rest.IsEmpty) return Decompression.Malformed;
        return output.Room(1).IsEmpty ? Decompression.TooLarge : Decompression.Whole;
    }
}
