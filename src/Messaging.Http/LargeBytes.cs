using System.Buffers;

namespace Messaging.Http;

/// <summary>
/// Arrays of bytes out of the shared pool, while they are not large: of each size the pool keeps dozens for every processor, which for large ones would be gigabytes. Those are left to the collector. Thread-safe. Hot path.
/// </summary>
public static class LargeBytes
{
    /// <summary>At least so long.</summary>
    public static byte[] Rent(int length) =>
        length > HttpLimits.PooledBytesMax ? GC.AllocateUninitializedArray<byte>(length) : ArrayPool<byte>.Shared.Rent(length);

    /// <summary>Of <see cref="Rent"/>; not touched afterwards.</summary>
    public static void Return(byte[] bytes)
    {
        if (bytes.Length <= HttpLimits.PooledBytesMax)
            ArrayPool<byte>.Shared.Return(bytes);
    }
}
