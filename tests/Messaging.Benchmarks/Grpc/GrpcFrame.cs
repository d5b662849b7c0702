using System.Buffers.Binary;

namespace Messaging.Benchmarks.Grpc;

/// <summary>Messages with their prefix, as gRPC over HTTP/2 has them.</summary>
internal static class GrpcFrame
{
    /// <summary>A flag, and the length.</summary>
    public const int PrefixBytes = 5;

    public static byte[] Of(ReadOnlySpan<byte> message)
    {
        byte[] frame = new byte[PrefixBytes + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame.AsSpan(PrefixBytes));
        return frame;
    }
}
