namespace Messaging.Broker.Records;

/// <summary>
/// How much memory the process holds of records that it decompresses for clients. It is the process's, whatever brokers are in it: small batches that ask for much, read by many at once, must not take
/// all of it. Thread-safe.
/// </summary>
internal static class DecompressedMemory
{
    private const int ShareOfMemory = 16;

    /// <summary>All of it: a container's memory counts where there is one.</summary>
    public static readonly long BytesMax = Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / ShareOfMemory, BatchLimits.DecompressedBytesMin, BatchLimits.DecompressedBytesMax);

    /// <summary>The refusal of what would be more.</summary>
    public static readonly BrokerError TooMuch = new(ErrorCode.Overloaded, "Too many compressed batches are being read; try again.");

    private static long _taken;

    public static bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _taken, bytes) <= BytesMax) return true;
        Return(bytes);
        return false;
    }

    public static void Return(long bytes) => Interlocked.Add(ref _taken, -bytes);
}
