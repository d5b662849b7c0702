using Messaging.Storage;

namespace Messaging.Broker.Queues;

/// <summary>
/// When the messages of a queue that were sent to expire are over: a heap of (time, offset), 16 bytes each, and those whose time came while a receiver has them.
/// A queue without such messages has none. Guarded by the sequencer.
/// </summary>
/// <remarks>
/// The rule, whenever <see cref="QueueState.Advance"/> is called: a message is dead from its time on, or from the end of the lease that runs then. The heap is cleaned
/// lazily: pairs of messages that are gone otherwise are swept when they may outnumber the others.
/// </remarks>
internal sealed class ExpiryIndex(LogStream stream)
{
    private const int SweepSlack = 1_024;

    private readonly PairHeap _pairs = new();
    private readonly HashSet<long> _overdue = [];
    private long _sweepAt = SweepSlack;

    public bool IsEmpty => _pairs.Count == 0 && _overdue.Count == 0;

    /// <summary>When the next message may be over, or <see cref="long.MaxValue"/>; perhaps early, never late.</summary>
    public long NextMs => _pairs.Count > 0 ? _pairs.PeekKey() : long.MaxValue;

    /// <summary>Pairs, stale ones included.</summary>
    public int Count => _pairs.Count;

    public void Add(long offset, long expires)
    {
        if (_pairs.Count >= _sweepAt)
        {
            var live = new LivePairs(stream);
            _pairs.Keep(ref live);
            _sweepAt = (2L * _pairs.Count) + SweepSlack;
        }

        _pairs.Push(expires, offset);
    }

    /// <summary>The next message whose time has come; false when there is none any more.</summary>
    public bool TryPop(long now, out long offset)
    {
        while (_pairs.Count > 0 && _pairs.PeekKey() <= now)
        {
            offset = _pairs.Pop().Value;
            if (!stream.IsReleased(offset)) return true;
        }

        offset = 0;
        return false;
    }

    /// <summary>Its time has come, and its lease runs.</summary>
    public void Defer(long offset) => _overdue.Add(offset);

    public bool IsOverdue(long offset) => _overdue.Contains(offset);

    /// <summary>The message is gone.</summary>
    public void Forget(long offset) => _overdue.Remove(offset);

    /// <summary>See <see cref="QueueSnapshot"/> for the bytes. An overdue one is due at once, and finds its lease again.</summary>
    public void Write(ref BufferEntryWriter writer)
    {
        for (int i = 0; i < _pairs.Count; i++)
        {
            (long expires, long offset) = _pairs.At(i);
            if (!stream.IsReleased(offset)) Write(ref writer, offset, expires);
        }

        foreach (long offset in _overdue) Write(ref writer, offset, 0);
        writer.Unsigned(0);
    }

    public void Restore(ref EntryReader reader)
    {
        for (long next = reader.Unsigned(); next > 0; next = reader.Unsigned()) Add(next - 1, reader.Unsigned());
    }

    private static void Write(ref BufferEntryWriter writer, long offset, long expires)
    {
        writer.Unsigned(offset + 1);
        writer.Unsigned(expires);
    }

    private readonly struct LivePairs(LogStream stream) : PairHeap.IFilter
    {
        public bool Keeps(long key, long value) => !stream.IsReleased(value);
    }
}
