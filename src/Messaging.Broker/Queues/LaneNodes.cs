namespace Messaging.Broker.Queues;

/// <summary>Where a message of a lane stands.</summary>
internal enum LaneStatus
{
    /// <summary>Under the queue's own delay.</summary>
    Waiting = 0,

    /// <summary>Under a delay of its own.</summary>
    Pending = 1,

    /// <summary>Ready, never delivered, in the chain.</summary>
    Chained = 2,

    /// <summary>Ready in the heap: its own delay is over, and it was never delivered.</summary>
    Late = 3,

    /// <summary>Ready in the heap: delivered before.</summary>
    Returned = 4,

    /// <summary>Delivered, and in its group's way.</summary>
    Held = 5,

    /// <summary>Given back for a time, and in nobody's way.</summary>
    Parked = 6,
}

/// <summary>
/// What is kept of each message of a lane: 12 bytes in pages of 128 offsets, which go when nothing in them is left. A node is named by a handle that stays the same as
/// long as the message lives. Guarded by the sequencer. Hot path.
/// </summary>
internal sealed class LaneNodes
{
    public const int None = -1;

    private const int PageShift = 7;
    private const int PageSize = 1 << PageShift;
    private const int StatusBits = 3;

    private readonly Dictionary<long, int> _slots = [];
    private readonly List<Page?> _pages = [];
    private readonly Stack<int> _free = [];
    private long _latestPage = -1;
    private int _latestSlot;

    internal struct Node
    {
        // Lane number plus one, and the status in the low bits; 0: no message.
        private int _lane;

        public int Previous;
        public int Next;

        public readonly bool IsEmpty => _lane == 0;

        public readonly int Lane => (_lane >> StatusBits) - 1;

        public LaneStatus Status
        {
            readonly get => (LaneStatus)(_lane & ((1 << StatusBits) - 1));
            set => _lane = (_lane & -(1 << StatusBits)) | (int)value;
        }

        public void Set(int lane, LaneStatus status) => (_lane, Previous, Next) = (((lane + 1) << StatusBits) | (int)status, None, None);
    }

    public ref Node this[int handle] => ref _pages[handle >> PageShift]!.Nodes[handle & (PageSize - 1)];

    public long OffsetOf(int handle) => _pages[handle >> PageShift]!.First + (handle & (PageSize - 1));

    /// <summary>The message's node, or <see cref="None"/>.</summary>
    public int Find(long offset)
    {
        if (!TryFindPage(offset >> PageShift, out int slot)) return None;
        int handle = (slot << PageShift) | (int)(offset & (PageSize - 1));
        return this[handle].IsEmpty ? None : handle;
    }

    /// <summary>A node for a message that has none.</summary>
    public int Add(long offset, int lane, LaneStatus status)
    {
        long number = offset >> PageShift;
        if (!TryFindPage(number, out int slot)) slot = AddPage(number);
        int handle = (slot << PageShift) | (int)(offset & (PageSize - 1));
        Invariant.Check(this[handle].IsEmpty, "A message is in one lane.");
        this[handle].Set(lane, status);
        _pages[slot]!.Count++;
        return handle;
    }

    public void Remove(int handle)
    {
        this[handle] = default;
        int slot = handle >> PageShift;
        Page page = _pages[slot]!;
        if (--page.Count > 0) return;
        _slots.Remove(page.First >> PageShift);
        _pages[slot] = null;
        _free.Push(slot);
        _latestPage = -1;
    }

    /// <summary>All nodes in order of their offsets; none may be added meanwhile, and only the one that was just given removed.</summary>
    public IEnumerable<int> InOrder() => InOrder(_slots.Keys.Order());

    /// <summary>Those from an offset on, up to another.</summary>
    public IEnumerable<int> InOrder(long from, long below)
    {
        long first = from >> PageShift;
        long last = (below - 1) >> PageShift;
        // Whichever is shorter: the pages that there are, or those that there may be.
        IEnumerable<long> numbers = last - first < _slots.Count
            ? Numbers(first, last)
            : _slots.Keys.Where(number => number >= first && number <= last).Order();
        return InOrder(numbers).Where(handle => OffsetOf(handle) >= from && OffsetOf(handle) < below);
    }

    private static IEnumerable<long> Numbers(long first, long last)
    {
        for (long number = first; number <= last; number++) yield return number;
    }

    private IEnumerable<int> InOrder(IEnumerable<long> numbers)
    {
        foreach (long number in numbers.ToArray())
        {
            if (!_slots.TryGetValue(number, out int slot)) continue;
            for (int i = 0; i < PageSize && _pages[slot] is { } page; i++)
            {
                if (!page.Nodes[i].IsEmpty) yield return (slot << PageShift) | i;
            }
        }
    }

    private bool TryFindPage(long number, out int slot)
    {
        slot = _latestSlot;
        if (number == _latestPage) return true;
        if (!_slots.TryGetValue(number, out slot)) return false;
        (_latestPage, _latestSlot) = (number, slot);
        return true;
    }

    private int AddPage(long number)
    {
        var page = new Page { First = number << PageShift };
        if (!_free.TryPop(out int slot))
        {
            slot = _pages.Count;
            _pages.Add(null);
        }

        _pages[slot] = page;
        _slots.Add(number, slot);
        return slot;
    }

    private sealed class Page
    {
        public Node[] Nodes { get; } = new Node[PageSize];

        public long First { get; init; }

        public int Count { get; set; }
    }
}
