namespace Messaging.Broker.Queues;

/// <summary>
/// The messages that were never delivered and wait by a delay of their own: a heap of (due, offset), 16 bytes each, and a bit each to ask by. Apart from the leases, so that
/// those don't sift through a million that are due next year. Pairs of messages that left before their time are swept when they outnumber the others. Guarded by
/// the sequencer.
/// </summary>
internal sealed class OwnDelays
{
    private const int StaleSlack = 1_024;

    private readonly PairHeap _due = new();
    private readonly DelayedSet _waiting = new();

    public long Count { get; private set; }

    /// <summary>Pairs in the heap, stale ones included.</summary>
    public int Pairs => _due.Count;

    public bool IsEmpty => _due.Count == 0;

    /// <summary>When the next one may be due, or <see cref="long.MaxValue"/>; perhaps early, never late.</summary>
    public long NextMs => _due.Count > 0 ? _due.PeekKey() : long.MaxValue;

    public bool Contains(long offset) => _waiting.Contains(offset);

    public void Add(long offset, long due)
    {
        _waiting.Add(offset);
        _due.Push(due, offset);
        Count++;
    }

    /// <summary>It leaves before its time; false when it does not wait.</summary>
    public bool Remove(long offset)
    {
        if (!_waiting.Remove(offset)) return false;
        Count--;
        if (_due.Count > (2 * Count) + StaleSlack)
        {
            var filter = new Waiting(_waiting);
            _due.Keep(ref filter);
        }

        return true;
    }

    /// <summary>The next one that is due, which waits no more; false when there is none.</summary>
    public bool TryPop(long now, out long offset, out long due)
    {
        while (_due.Count > 0 && _due.PeekKey() <= now)
        {
            (due, offset) = _due.Pop();
            if (!_waiting.Remove(offset)) continue;
            Count--;
            return true;
        }

        (offset, due) = (0, 0);
        return false;
    }

    /// <summary>All that wait, in no order.</summary>
    public IEnumerable<(long Offset, long Due)> All()
    {
        for (int i = 0; i < _due.Count; i++)
        {
            (long due, long offset) = _due.At(i);
            if (_waiting.Contains(offset)) yield return (offset, due);
        }
    }

    private readonly struct Waiting(DelayedSet waiting) : PairHeap.IFilter
    {
        public bool Keeps(long key, long value) => waiting.Contains(value);
    }
}
