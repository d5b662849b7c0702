namespace Messaging.Broker.Queues;

/// <summary>
/// Which message is next: the highest priority first; of one priority the oldest, but those of noisy groups after all others (the rule of Amazon SQS's fair
/// queues: a group is noisy that has more than a tenth of what is with receivers, and at least 30 messages, or more than a tenth of the receivers' time of late;
/// messages without a group are each their own). An ordered queue has one priority and no noise: there a lane closes itself.
/// </summary>
/// <remarks>
/// At most nine groups have more than a tenth of anything, so that the noisy ones are looked at one by one. The heaps of open lanes are cleaned lazily: an entry counts
/// while its lane says that it stands there. Guarded by the sequencer. Hot path.
/// </remarks>
internal sealed class LaneOrder(LaneTable table)
{
    private const int NoisyHeldMin = 30;
    private const int NoisyShare = 10;
    private const int StaleSlack = 1_024;

    private readonly PairHeap?[] _open = new PairHeap?[QueueLimits.PrioritiesMax];
    private readonly List<Lane> _noisy = [];
    private readonly RecentLoad _load = new();
    private long _held;
    private int _highest;
    private Lane? _batch;

    /// <summary>
    /// A receive begins: it may go on with a lane that it has closed itself. Who is noisy no more is found here, once for all that it takes. <paramref name="held"/> messages
    /// of the whole queue are with receivers.
    /// </summary>
    public void Begin(long held, long now)
    {
        _batch = null;
        _held = held;
        if (_noisy.Count > 0) Quieten(now);
    }

    /// <summary>
    /// The next message, or <see cref="long.MaxValue"/>; <paramref name="plain"/> is the oldest of those that are in no lane. <paramref name="held"/> messages of the whole
    /// queue are with receivers.
    /// </summary>
    public long Next(long plain, long held, bool isOrdered, long now)
    {
        if (isOrdered) return NextOrdered();
        _held = held;
        for (int priority = _highest; priority >= 0; priority--)
        {
            long offset = Math.Min(Quiet(priority, now), priority == 0 ? plain : long.MaxValue);
            if (offset == long.MaxValue) offset = Noisy(priority);
            if (offset != long.MaxValue) return offset;
        }

        return long.MaxValue;
    }

    /// <summary>The lane's ready messages have changed, or what is in their way.</summary>
    public void Queue(Lane lane)
    {
        if (!table.IsOpen(lane))
        {
            lane.QueuedAt = Lane.NotQueued;
            return;
        }

        long first = table.First(lane);
        if (lane.QueuedAt == first || _noisy.Contains(lane)) return;
        int priority = lane.Key.Priority;
        _highest = Math.Max(_highest, priority);
        PairHeap heap = _open[priority] ??= new PairHeap();
        lane.QueuedAt = first;
        heap.Push(first, lane.Number);
        Sweep(heap);
    }

    /// <summary>More of the queue's messages are with receivers, or fewer, in lanes or not.</summary>
    public void Held(int count, long now) => _load.Add(count, now);

    public void Forget(Lane lane)
    {
        _noisy.Remove(lane);
        if (_batch == lane) _batch = null;
    }

    // As many of one group as a receive takes, as Amazon SQS does; then the group with the oldest message.
    private long NextOrdered()
    {
        if (_batch is not { Ready: > 0 } && Top(0) is { } top) _batch = top;
        else if (_batch is not { Ready: > 0 }) return long.MaxValue;
        return table.First(_batch!);
    }

    private Lane? Top(int priority)
    {
        while (_open[priority] is { Count: > 0 } heap)
        {
            (long first, long number) = heap.At(0);
            if (Stands(first, number) is { } lane) return lane;
            heap.Pop();
        }

        return null;
    }

    private Lane? Stands(long first, long number) => table.Find((int)number) is { } lane && lane.QueuedAt == first ? lane : null;

    private long Quiet(int priority, long now)
    {
        while (Top(priority) is { } lane)
        {
            if (!IsNoisy(lane, now)) return lane.QueuedAt;
            lane.QueuedAt = Lane.NotQueued;
            _noisy.Add(lane);
        }

        return long.MaxValue;
    }

    private long Noisy(int priority)
    {
        long offset = long.MaxValue;
        foreach (Lane lane in _noisy)
        {
            if (lane.Key.Priority == priority) offset = Math.Min(offset, table.First(lane));
        }

        return offset;
    }

    private void Quieten(long now)
    {
        for (int i = _noisy.Count - 1; i >= 0; i--)
        {
            Lane lane = _noisy[i];
            if (IsNoisy(lane, now)) continue;
            _noisy.RemoveAt(i);
            Queue(lane);
        }
    }

    private bool IsNoisy(Lane lane, long now)
    {
        if (lane.Key.Group == 0) return false;
        if (lane.Held >= NoisyHeldMin && lane.Held * (long)NoisyShare > _held) return true;
        double load = lane.Load.At(now);
        return load >= 1 && load * NoisyShare > _load.At(now);
    }

    private void Sweep(PairHeap heap)
    {
        if (heap.Count <= (2 * table.Lanes) + StaleSlack) return;
        var filter = new Filter(this);
        heap.Keep(ref filter);
    }

    private readonly struct Filter(LaneOrder order) : PairHeap.IFilter
    {
        public bool Keeps(long key, long value) => order.Stands(key, value) is not null;
    }
}
