
namespace Messaging.Http;

/// <summary>
/// Counts the bytes that are buffered over all connections, of request bodies or of answers, so that slow or many clients can't exhaust the memory.
/// Thread-safe.
/// </summary>
public sealed class BufferBudget(long bytesMax)
{
    private long _taken;

    public long Taken => Interlocked.Read(ref _taken);

    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _taken, bytes) <= bytesMax)
            return true;
        Return(bytes);
        return false;
    }

    public void Return(long bytes) => Interlocked.Add(ref _taken, -bytes);
}
