namespace Messaging.Broker.Topics;

/// <summary>
/// Which partition records without a key go to: the same one for a while, so that batches are large, then the next (KIP-480, KIP-794). State of one topic, in memory
/// only: whatever it says is right. Any thread, without a lock.
/// </summary>
internal sealed class StickyPartitioner
{
    /// <summary>Bytes after which the next partition has its turn: Kafka's default batch.size.</summary>
    internal const int TurnBytes = 16 * 1024;

    // The turn above, the bytes that went to its partition below: both change in one step.
    private long _state;

    /// <summary>The partition, from 0, of all records of one call, which have that many bytes. A call is never split, however large it is.</summary>
    public int Next(int bytes, int partitions)
    {
        while (true)
        {
            long seen = Volatile.Read(ref _state);
            uint turn = (uint)(seen >> 32);
            long gone = (uint)seen + (long)bytes;
            long next = gone >= TurnBytes ? (long)(turn + 1) << 32 : (seen & ~(long)uint.MaxValue) | gone;
            if (Interlocked.CompareExchange(ref _state, next, seen) == seen) return (int)(turn % (uint)partitions);
        }
    }
}
