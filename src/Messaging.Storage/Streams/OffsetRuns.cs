namespace Messaging.Storage.Streams;

/// <summary>
/// The runs of an <see cref="OffsetSet"/>, ordered and disjoint, in leaves of at most 64: finding costs a logarithm;
/// inserting and removing move one leaf and the short list of leaves, however many runs there are.
/// Positions are valid until the next insertion or removal.
/// </summary>
internal sealed class OffsetRuns
{
    private const int LeafRunsFirst = 4;
    private const int LeafRunsMax = 64;

    private readonly List<Leaf> _leaves = [];

    // A small leaf that was emptied: a stream that goes in and out of order does not allocate each time.
    private Leaf? _spare;

    public int Count { get; private set; }

    public bool IsEmpty => Count == 0;

    /// <summary>About what the runs take, without their bitmaps.</summary>
    public long MemoryBytes => (_leaves.Count * 48L) + (_leaves.Sum(leaf => leaf.Runs.Length) * 32L);

    public ref OffsetRun this[Position at] => ref _leaves[at.Leaf].Runs[at.Index];

    public bool IsEnd(Position at) => at.Leaf == _leaves.Count;

    /// <summary>The run that holds the block, or else the first one after it, or else the end.</summary>
    public Position Find(long block)
    {
        var (low, high) = (0, _leaves.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            var leaf = _leaves[middle];
            (low, high) = leaf.Runs[leaf.Count - 1].End > block ? (low, middle) : (middle + 1, high);
        }

        return low == _leaves.Count ? new Position(low, 0) : new Position(low, _leaves[low].Find(block));
    }

    public Position Next(Position at) => Normalized(new Position(at.Leaf, at.Index + 1));

    /// <summary>Inserts before a position that <see cref="Find"/> gave.</summary>
    public void Insert(Position at, in OffsetRun run)
    {
        Count++;
        if (IsEnd(at))
        {
            if (at.Leaf == 0 || _leaves[at.Leaf - 1].Count == LeafRunsMax)
            {
                _leaves.Add(_spare ?? new Leaf());
                _spare = null;
            }

            var last = _leaves[^1];
            last.Insert(last.Count, run);
            return;
        }

        var leaf = _leaves[at.Leaf];
        if (leaf.Count == LeafRunsMax)
        {
            var upper = leaf.Split();
            _leaves.Insert(at.Leaf + 1, upper);
            at = at.Index <= leaf.Count ? at : new Position(at.Leaf + 1, at.Index - leaf.Count);
        }

        _leaves[at.Leaf].Insert(at.Index, run);
    }

    /// <summary>Removes a run; returns the position of the one that came after it.</summary>
    public Position Remove(Position at)
    {
        Count--;
        var leaf = _leaves[at.Leaf];
        leaf.Remove(at.Index);
        if (leaf.Count > 0)
        {
            return Normalized(at);
        }

        _leaves.RemoveAt(at.Leaf);
        _spare = leaf.Runs.Length == LeafRunsFirst ? leaf : _spare;
        return new Position(at.Leaf, 0);
    }

    private Position Normalized(Position at) => at.Index < _leaves[at.Leaf].Count ? at : new Position(at.Leaf + 1, 0);

    internal readonly record struct Position(int Leaf, int Index);

    private sealed class Leaf
    {
        public OffsetRun[] Runs { get; private set; } = new OffsetRun[LeafRunsFirst];

        public int Count { get; private set; }

        public int Find(long block)
        {
            var (low, high) = (0, Count);
            while (low < high)
            {
                var middle = (low + high) / 2;
                (low, high) = Runs[middle].End > block ? (low, middle) : (middle + 1, high);
            }

            return low;
        }

        public void Insert(int index, in OffsetRun run)
        {
            if (Count == Runs.Length)
            {
                var grown = new OffsetRun[Count * 2];
                Runs.CopyTo(grown, 0);
                Runs = grown;
            }

            Runs.AsSpan(index, Count - index).CopyTo(Runs.AsSpan(index + 1));
            Runs[index] = run;
            Count++;
        }

        public void Remove(int index)
        {
            Runs.AsSpan(index + 1, Count - index - 1).CopyTo(Runs.AsSpan(index));
            Runs[--Count] = default;
        }

        /// <summary>Moves the upper half into a new leaf.</summary>
        public Leaf Split()
        {
            var half = Count / 2;
            var upper = new Leaf { Runs = new OffsetRun[LeafRunsMax], Count = Count - half };
            Runs.AsSpan(half, Count - half).CopyTo(upper.Runs);
            Runs.AsSpan(half, Count - half).Clear();
            Count = half;
            return upper;
        }
    }
}
