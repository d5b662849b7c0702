using System.IO.Compression;

namespace Messaging.Broker.Records;

/// <summary>Gzip (RFC 1952), of one member or several, as the framework reads and writes it.</summary>
internal sealed class GzipCodec : IRecordCodec
{
    public string Name => "gzip";

    public bool IsAvailable => true;

    public unsafe Decompression Decompress(ReadOnlySpan<byte> source, PooledBytes output)
    {
        fixed (byte* bytes = source)
        {
            using var feed = new GzipFeed(bytes, source.Length);
            using var gzip = new GZipStream(feed, CompressionMode.Decompress);
            try
            {
                while (true)
                {
                    Span<byte> room = output.Room(1);
                    if (room.IsEmpty) return Decompression.TooLarge;
                    int read = gzip.Read(room);
                    if (read == 0) return feed.EndedExactly ? Decompression.Whole : Decompression.Malformed;
                    output.Advance(read);
                }
            }
            catch (InvalidDataException)
            {
                return Decompression.Malformed;
            }
        }
    }

    public void Compress(ReadOnlySpan<byte> source, PooledBytes output)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(source);
        }

        ReadOnlySpan<byte> bytes = compressed.GetBuffer().AsSpan(0, (int)compressed.Length);
        bytes.CopyTo(output.Room(bytes.Length));
        output.Advance(bytes.Length);
    }
}
