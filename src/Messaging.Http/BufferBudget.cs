
namespace Messaging.Http;

/// <summary>
/// Counts the bytes that are buffered over all connections, of request bodies or of answers, so that slow or many clients can't exhaust the memory.
/// Thread-safe.
/// </summary>
public sealed class BufferBudget(long bytesMax)
{
    private long _taken;

    /// <summary>All of it: what needs more will never have its place, whoever else gives theirs back.</summary>
    public long BytesMax { get; } = bytesMax;

    public long Taken => Interlocked.Read(ref _taken);

    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _taken, bytes) <= BytesMax)
            return true;
        Return(bytes);
        return false;
    }

    public void Return(long bytes) => Interlocked.Add(ref _taken, -bytes);
}
