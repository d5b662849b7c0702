namespace Messaging.Broker.Queues;

/// <summary>
/// The lanes of one queue: the messages that have a group or a priority. Everything else of a message (its lease, its delay, its count) is <see cref="QueueState"/>'s,
/// which tells of each change. In an ordered queue a lane of which a message is held delivers nothing more; no other lane waits for it. Which lane is next is
/// <see cref="LaneOrder"/>'s.
/// </summary>
/// <remarks>
/// Guarded by the sequencer. A message costs 12 bytes and a lane about 150; a delivery costs the depth of a heap of lanes, however many messages there are. Hot path: no
/// allocation but growth.
/// </remarks>
internal sealed class LaneTable
{
    private readonly LaneNodes _nodes = new();
    private readonly LaneDirectory _lanes = new();
    private readonly Queue<long> _waiting = new();
    private readonly bool _isOrdered;

    /// <param name="isOrdered">The queue keeps the order within a group.</param>
    /// <param name="held">Messages that are with receivers already.</param>
    /// <param name="now">The time of the command.</param>
    public LaneTable(bool isOrdered, int held, long now)
    {
        _isOrdered = isOrdered;
        Order = new LaneOrder(this);
        Order.Held(held, now);
    }

    public LaneOrder Order { get; }

    /// <summary>Messages in lanes.</summary>
    public long Count { get; private set; }

    /// <summary>Lanes with messages.</summary>
    public int Lanes => _lanes.Count;

    /// <summary>For snapshots.</summary>
    public LaneNodes Nodes => _nodes;

    /// <inheritdoc cref="Nodes"/>
    public LaneDirectory Directory => _lanes;

    /// <summary>Ready messages that wait for others of their group.</summary>
    public long Blocked { get; private set; }

    /// <summary>The lane of this number; null when it has gone.</summary>
    public Lane? Find(int number) => _lanes[number];

    /// <summary>A message was sent; <paramref name="horizon"/>: from there on messages wait under the queue's own delay.</summary>
    public void Add(long offset, LaneKey key, bool isPending, long horizon)
    {
        Lane lane = _lanes.Enter(key);
        lane.Count++;
        Count++;
        int handle = _nodes.Add(offset, lane.Number, isPending ? LaneStatus.Pending : LaneStatus.Waiting);
        if (isPending) return;
        if (offset < horizon) Chain(lane, handle);
        else _waiting.Enqueue(offset);
    }

    /// <summary>The queue's own delay is over for all below the horizon.</summary>
    public void Pass(long horizon)
    {
        while (_waiting.Count > 0 && _waiting.Peek() < horizon)
        {
            int handle = _nodes.Find(_waiting.Dequeue());
            if (handle != LaneNodes.None && _nodes[handle].Status == LaneStatus.Waiting) Chain(Of(handle), handle);
        }
    }

    /// <summary>It is ready: again, or since its own delay is over, which ended at <paramref name="due"/>. False when it is in no lane.</summary>
    public bool TryReady(long offset, long due, long now)
    {
        int handle = _nodes.Find(offset);
        if (handle == LaneNodes.None) return false;
        ref LaneNodes.Node node = ref _nodes[handle];
        Lane lane = Of(handle);
        if (node.Status == LaneStatus.Held) Hold(lane, -1, now);
        node.Status = node.Status == LaneStatus.Pending ? LaneStatus.Late : LaneStatus.Returned;
        lane.Back ??= new PairHeap();
        lane.Back.Push(offset, due);
        AddReady(lane, 1);
        Order.Queue(lane);
        return true;
    }

    /// <summary>It is delivered; <paramref name="due"/> as it was given to <see cref="TryReady"/>. False when it is in no lane.</summary>
    public bool TryHold(long offset, long now, out long due)
    {
        due = 0;
        int handle = _nodes.Find(offset);
        if (handle == LaneNodes.None) return false;
        ref LaneNodes.Node node = ref _nodes[handle];
        Lane lane = Of(handle);
        if (node.Status == LaneStatus.Chained)
        {
            Unchain(lane, handle);
        }
        else
        {
            Invariant.Check(FirstBack(lane) == offset, "A lane delivers the oldest first.");
            due = lane.Back!.Pop().Value;
            if (lane.Back.Count == 0) lane.Back = null;
        }

        node.Status = LaneStatus.Held;
        AddReady(lane, -1);
        Hold(lane, 1, now);
        Order.Queue(lane);
        return true;
    }

    /// <summary>It is ready, and is to be delivered to nobody any more: in the way of its group, as one that is out.</summary>
    public void TakeAside(long offset, long now)
    {
        int handle = _nodes.Find(offset);
        if (handle == LaneNodes.None || _nodes[handle].Status != LaneStatus.Returned) return;
        Lane lane = Of(handle);
        _nodes[handle].Status = LaneStatus.Held;
        AddReady(lane, -1);
        Hold(lane, 1, now);
        Order.Queue(lane);
    }

    /// <summary>Given back, ready at some time: it stays in the way of an ordered group.</summary>
    public void Park(long offset, long now)
    {
        int handle = _nodes.Find(offset);
        if (handle == LaneNodes.None || _isOrdered) return;
        _nodes[handle].Status = LaneStatus.Parked;
        Hold(Of(handle), -1, now);
    }

    /// <summary>It is dead.</summary>
    public void Remove(long offset, long now)
    {
        int handle = _nodes.Find(offset);
        if (handle == LaneNodes.None) return;
        Lane lane = Of(handle);
        LaneStatus status = _nodes[handle].Status;
        if (status == LaneStatus.Chained) Unchain(lane, handle);
        _nodes.Remove(handle);
        Count--;
        lane.Count--;
        if (status is LaneStatus.Chained or LaneStatus.Late or LaneStatus.Returned) AddReady(lane, -1);
        else if (status == LaneStatus.Held) Hold(lane, -1, now);
        Order.Queue(lane);
        if (lane.Count > 0) return;
        Order.Forget(lane);
        _lanes.Leave(lane);
    }

    /// <summary>The oldest ready message of a lane, or <see cref="long.MaxValue"/>; whether its group lets it go is not asked.</summary>
    public long First(Lane lane) => Math.Min(FirstBack(lane), lane.Head == LaneNodes.None ? long.MaxValue : _nodes.OffsetOf(lane.Head));

    /// <summary>It is in a lane, and under the queue's own delay.</summary>
    public bool IsWaiting(long offset) => IsIn(offset, LaneStatus.Waiting);

    /// <summary>Another one of its group is in the message's way, or itself.</summary>
    public bool IsBlocked(long offset)
    {
        int handle = _nodes.Find(offset);
        return handle != LaneNodes.None && IsBlocked(Of(handle));
    }

    /// <summary>Ready messages, and none of the group is in their way.</summary>
    public bool IsOpen(Lane lane) => lane.Ready > 0 && !IsBlocked(lane);

    /// <summary>Those of all messages, ascending.</summary>
    public IEnumerable<long> Offsets() => _nodes.InOrder().Select(_nodes.OffsetOf);

    /// <summary>The offsets of a range with where they stand, ascending, for trims; the one that was just given may be removed.</summary>
    public IEnumerable<(long Offset, LaneStatus Status)> Range(long from, long below)
    {
        foreach (int handle in _nodes.InOrder(from, below)) yield return (_nodes.OffsetOf(handle), _nodes[handle].Status);
    }

    /// <summary>Messages that became due late and were never delivered, with when that was.</summary>
    public IEnumerable<(long Offset, long Due)> Late()
    {
        foreach (Lane lane in _lanes.All)
        {
            for (int i = 0; i < lane.Back?.Count; i++)
            {
                (long offset, long due) = lane.Back.At(i);
                if (IsIn(offset, LaneStatus.Late)) yield return (offset, due);
            }
        }
    }

    /// <summary>A delivered message of a snapshot; what its delivery's state says of it follows.</summary>
    public void RestoreHeld(long offset, long now)
    {
        int handle = _nodes.Find(offset);
        if (handle == LaneNodes.None) return;
        _nodes[handle].Status = LaneStatus.Held;
        Hold(Of(handle), 1, now);
        // One behind it may have been restored before, and have opened the lane.
        Order.Queue(Of(handle));
    }

    private Lane Of(int handle) => _lanes[_nodes[handle].Lane]!;

    private bool IsBlocked(Lane lane) => _isOrdered && lane.Held > 0;

    private bool IsIn(long offset, LaneStatus status)
    {
        int handle = _nodes.Find(offset);
        return handle != LaneNodes.None && _nodes[handle].Status == status;
    }

    private long FirstBack(Lane lane)
    {
        while (lane.Back is { Count: > 0 } back)
        {
            long offset = back.PeekKey();
            int handle = _nodes.Find(offset);
            if (handle != LaneNodes.None && _nodes[handle].Status is LaneStatus.Late or LaneStatus.Returned) return offset;
            back.Pop();
        }

        return long.MaxValue;
    }

    private void Chain(Lane lane, int handle)
    {
        ref LaneNodes.Node node = ref _nodes[handle];
        node.Status = LaneStatus.Chained;
        node.Previous = lane.Tail;
        if (lane.Tail == LaneNodes.None) lane.Head = handle;
        else _nodes[lane.Tail].Next = handle;
        lane.Tail = handle;
        AddReady(lane, 1);
        Order.Queue(lane);
    }

    private void Unchain(Lane lane, int handle)
    {
        ref LaneNodes.Node node = ref _nodes[handle];
        if (node.Previous == LaneNodes.None) lane.Head = node.Next;
        else _nodes[node.Previous].Next = node.Next;
        if (node.Next == LaneNodes.None) lane.Tail = node.Previous;
        else _nodes[node.Next].Previous = node.Previous;
        (node.Previous, node.Next) = (LaneNodes.None, LaneNodes.None);
    }

    private void AddReady(Lane lane, int count)
    {
        lane.Ready += count;
        if (IsBlocked(lane)) Blocked += count;
    }

    private void Hold(Lane lane, int count, long now)
    {
        bool wasBlocked = IsBlocked(lane);
        lane.Held += count;
        lane.Load.Add(count, now);
        if (wasBlocked != IsBlocked(lane)) Blocked += wasBlocked ? -lane.Ready : lane.Ready;
    }
}
