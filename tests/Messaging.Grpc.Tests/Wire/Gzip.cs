using System.IO.Compression;

namespace Messaging.Grpc.Tests.Wire;

/// <summary>Messages as clients compress them.</summary>
internal static class Gzip
{
    public static byte[] Pack(byte[] message)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true)) gzip.Write(message);
        return packed.ToArray();
    }
}
