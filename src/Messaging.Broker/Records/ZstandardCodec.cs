namespace Messaging.Broker.Records;

/// <summary>
/// Zstandard (RFC 8878), by the machine's libzstd. In one go, again with twice the room where it was too little: the library's stream allocates the window
/// that a frame announces, up to 128 MiB for a few bytes, and its announced size may be missing or a lie.
/// </summary>
internal sealed class ZstandardCodec : IRecordCodec
{
    /// <summary>ZSTD_CLEVEL_DEFAULT, and Kafka's default.</summary>
    private const int Level = 3;

    /// <summary>The first guess: most records shrink by less.</summary>
    private const long RatioFirst = 4;

    private const long RoomFirst = 64 * 1024;

    public string Name => "zstd";

    public bool IsAvailable => LibZstandard.IsAvailable;

    public unsafe Decompression Decompress(ReadOnlySpan<byte> source, PooledBytes output)
    {
        long wanted = Math.Max(RatioFirst * source.Length, RoomFirst);
        while (true)
        {
            Span<byte> room = output.Room((int)Math.Min(wanted, int.MaxValue));
            nuint written;
            fixed (byte* to = room)
            fixed (byte* from = source)
            {
                written = LibZstandard.Decompress(to, (nuint)room.Length, from, (nuint)source.Length);
            }

            if (LibZstandard.IsError(written) == 0)
            {
                output.Advance((int)written);
                return Ended(source, output);
            }

            if (LibZstandard.ErrorCode(written) != LibZstandard.OutputTooSmall) return Decompression.Malformed;
            if (room.Length < wanted) return Decompression.TooLarge;
            wanted = 2L * room.Length;
        }
    }

    public unsafe void Compress(ReadOnlySpan<byte> source, PooledBytes output)
    {
        Span<byte> room = output.Room((int)LibZstandard.CompressBound((nuint)source.Length));
        fixed (byte* to = room)
        fixed (byte* from = source)
        {
            nuint written = LibZstandard.Compress(to, (nuint)room.Length, from, (nuint)source.Length, Level);
            Invariant.Check(LibZstandard.IsError(written) == 0, "A frame has room by its bound.");
            output.Advance((int)written);
        }
    }

    // Of no bytes at all the library makes nothing, and says that it went well.
    private static Decompression Ended(ReadOnlySpan<byte> source, PooledBytes output)
    {
        if (source.IsEmpty) return Decompression.Malformed;
        return output.Room(1).IsEmpty ? Decompression.TooLarge : Decompression.Whole;
    }
}
