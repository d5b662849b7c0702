namespace Messaging.Broker.Queues;

/// <summary>
/// A min-heap of (key, value) pairs, 16 bytes each, ordered by key, then value. It grows in pages, so that a large one
/// neither doubles nor copies, and gives pages back as it shrinks. Not safe for concurrent calls: the sequencer guards it. Hot path.
/// </summary>
internal sealed class PairHeap
{
    /// <summary>Decides, for <see cref="Keep{TFilter}"/>, which pairs stay.</summary>
    internal interface IFilter
    {
        bool Keeps(long key, long value);
    }

    private const int PageShift = 12;
    private const int PageSize = 1 << PageShift; // 64 KiB: below the large object heap
    private const int FirstSize = 8;

    private Pair[][] _pages = [];
    private int _count;

    public int Count => _count;

    /// <summary>The least key; only when not empty.</summary>
    public long PeekKey() => _pages[0][0].Key;

    public (long Key, long Value) At(int index)
    {
        Pair pair = Slot(index);
        return (pair.Key, pair.Value);
    }

    public void Push(long key, long value)
    {
        MakeRoom();
        int hole = _count++;
        var pair = new Pair(key, value);
        while (hole > 0)
        {
            int parent = (hole - 1) >> 1;
            ref Pair above = ref Slot(parent);
            if (!pair.IsBefore(above)) break;
            Slot(hole) = above;
            hole = parent;
        }

        Slot(hole) = pair;
    }

    public (long Key, long Value) Pop()
    {
        Pair first = Slot(0);
        Pair last = Slot(--_count);
        if (_count > 0) Sink(0, last);
        GiveBack();
        return (first.Key, first.Value);
    }

    /// <summary>Drops all pairs that the filter refuses: linear in the count.</summary>
    public void Keep<TFilter>(ref TFilter filter)
        where TFilter : struct, IFilter, allows ref struct
    {
        int kept = 0;
        for (int i = 0; i < _count; i++)
        {
            Pair pair = Slot(i);
            if (filter.Keeps(pair.Key, pair.Value)) Slot(kept++) = pair;
        }

        _count = kept;
        for (int i = (kept >> 1) - 1; i >= 0; i--) Sink(i, Slot(i));
        GiveBack();
    }

    private ref Pair Slot(int index) => ref _pages[index >> PageShift][index & (PageSize - 1)];

    private void Sink(int hole, Pair pair)
    {
        while (true)
        {
            int child = (hole << 1) + 1;
            if (child >= _count) break;
            if (child + 1 < _count && Slot(child + 1).IsBefore(Slot(child))) child++;
            ref Pair below = ref Slot(child);
            if (!below.IsBefore(pair)) break;
            Slot(hole) = below;
            hole = child;
        }

        Slot(hole) = pair;
    }

    // The first page grows by doubling, so that a queue with one lease costs one small array; all others are whole.
    private void MakeRoom()
    {
        int page = _count >> PageShift;
        if (page == _pages.Length)
        {
            Array.Resize(ref _pages, page + 1);
            _pages[page] = new Pair[page == 0 ? FirstSize : PageSize];
        }
        else if ((_count & (PageSize - 1)) == _pages[page].Length)
        {
            Array.Resize(ref _pages[page], _pages[page].Length * 2);
        }
    }

    // One spare page stays, so that a count that swings around a page's end does not allocate.
    private void GiveBack()
    {
        int used = ((_count + PageSize - 1) >> PageShift) + 1;
        if (_pages.Length > used) Array.Resize(ref _pages, used);
    }

    private readonly struct Pair(long key, long value)
    {
        public readonly long Key = key;
        public readonly long Value = value;

        public bool IsBefore(in Pair other) => Key < other.Key || (Key == other.Key && Value < other.Value);
    }
}
