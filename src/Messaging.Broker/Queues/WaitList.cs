namespace Messaging.Broker.Queues;

/// <summary>The waiting receives of one queue, first come, first served. Guarded by the sequencer.</summary>
internal sealed class WaitList
{
    private Waiter? _first;
    private Waiter? _last;

    public int Count { get; private set; }

    /// <summary>Messages that woken receives were promised and have not come for yet.</summary>
    public long Promised { get; set; }

    public bool IsIdle => Count == 0 && Promised == 0;

    public Waiter? First => _first;

    public void Add(Waiter waiter, bool atFront)
    {
        Invariant.Check(!waiter.IsListed, "A receive waits once.");
        waiter.IsListed = true;
        Count++;
        if (_first is null) (_first, _last) = (waiter, waiter);
        else if (atFront) (waiter.Next, _first.Previous, _first) = (_first, waiter, waiter);
        else (waiter.Previous, _last!.Next, _last) = (_last, waiter, waiter);
    }

    public void Remove(Waiter waiter)
    {
        if (!waiter.IsListed) return;
        waiter.IsListed = false;
        Count--;
        if (waiter.Previous is null) _first = waiter.Next;
        else waiter.Previous.Next = waiter.Next;
        if (waiter.Next is null) _last = waiter.Previous;
        else waiter.Next.Previous = waiter.Previous;
        (waiter.Previous, waiter.Next) = (null, null);
    }
}
