namespace Messaging.Storage.Streams;

/// <summary>
/// The part of an <see cref="OffsetSet"/> above its floor, which it is told at each call: full blocks of 4,096 offsets as ranges,
/// partly filled ones with a bitmap, and how many offsets that is. Hot path: a logarithm of the runs.
/// </summary>
internal sealed class OffsetBlocks
{
    private const int BlockShift = OffsetSet.BlockShift;
    private const int BlockMask = OffsetSet.BlockOffsets - 1;
    private int _bitmaps;

    public OffsetRuns Runs { get; } = new();

    /// <summary>Offsets in the runs, those aside that a bitmap has below the floor.</summary>
    public long Count { get; private set; }

    public long MemoryBytes => Runs.MemoryBytes + (_bitmaps * (long)OffsetBitmaps.MemoryBytes);

    /// <summary>Adds a run after all others.</summary>
    public void Append(in OffsetRun run)
    {
        Runs.Insert(Runs.Find(run.First), run);
        _bitmaps += run.Bits is null ? 0 : 1;
        Count += CountOf(run);
    }

    /// <summary>False when it was there already.</summary>
    public bool Add(long offset) => SetBits(offset >> BlockShift, (int)(offset & BlockMask), (int)(offset & BlockMask) + 1) > 0;

    /// <summary>Adds all offsets of the range, which is above the floor.</summary>
    public void AddRange(long from, long to)
    {
        var (firstBlock, lastBlock) = (from >> BlockShift, to >> BlockShift);
        var (head, tail) = ((int)(from & BlockMask), (int)(to & BlockMask));
        if (firstBlock == lastBlock)
        {
            SetBits(firstBlock, head, tail);
            return;
        }

        if (head > 0)
        {
            SetBits(firstBlock++, head, OffsetSet.BlockOffsets);
        }

        if (firstBlock < lastBlock)
        {
            PutFull(firstBlock, lastBlock);
        }

        if (tail > 0)
        {
            SetBits(lastBlock, 0, tail);
        }
    }

    /// <summary>
    /// The floor has jumped: takes away the runs that it left behind, and its own block's bits from the counts. Returns the floor,
    /// which may be at the end of a full run now.
    /// </summary>
    public long DropBelow(long low)
    {
        while (!Runs.IsEmpty && Runs[default].End << BlockShift <= low)
        {
            Remove(default);
        }

        if (Runs.IsEmpty || Runs[default].First << BlockShift > low)
        {
            return low;
        }

        ref var run = ref Runs[default];
        if (run.Bits is null)
        {
            low = run.End << BlockShift;
            Remove(default);
            return low;
        }

        var left = OffsetBits.Count(run.Bits, (int)(low & BlockMask), OffsetSet.BlockOffsets);
        Count -= run.Count - left;
        run.Count = left;
        return low;
    }

    /// <summary>Moves the floor over what follows it without a gap, and lets go of what has become part of it.</summary>
    public long Advance(long low)
    {
        while (!Runs.IsEmpty && Runs[default].First <= low >> BlockShift)
        {
            ref var run = ref Runs[default];
            if (run.Bits is null)
            {
                low = run.End << BlockShift;
                Remove(default);
                continue;
            }

            var start = (int)(low & BlockMask);
            var passed = OffsetBits.NextClear(run.Bits, start) - start;
            low += passed;
            run.Count -= passed;
            Count -= passed;
            if (run.Count > 0)
            {
                return low;
            }

            Remove(default);
        }

        return low;
    }

    private static long CountOf(in OffsetRun run) => run.Bits is null ? (run.End - run.First) << BlockShift : run.Count;

    private int SetBits(long block, int start, int end)
    {
        var at = Runs.Find(block);
        if (Runs.IsEnd(at) || Runs[at].First > block)
        {
            Runs.Insert(at, new OffsetRun(block, block + 1, OffsetBitmaps.Rent()));
            _bitmaps++;
            at = Runs.Find(block);
        }

        ref var run = ref Runs[at];
        if (run.Bits is null)
        {
            return 0;
        }

        var added = OffsetBits.Set(run.Bits, start, end);
        run.Count += added;
        Count += added;
        if (run.Count == OffsetSet.BlockOffsets)
        {
            PutFull(block, block + 1);
        }

        return added;
    }

    // Makes the blocks one full run, together with full neighbours. The floor's own block never gets here: it cannot be full.
    private void PutFull(long first, long end)
    {
        var at = Runs.Find(first - 1);
        while (!Runs.IsEnd(at) && Runs[at].First <= end)
        {
            ref var run = ref Runs[at];
            if (run.Bits is not null && (run.First < first || run.End > end))
            {
                at = Runs.Next(at);
                continue;
            }

            (first, end) = (Math.Min(first, run.First), Math.Max(end, run.End));
            at = Remove(at);
        }

        Count += (end - first) << BlockShift;
        Runs.Insert(Runs.Find(first), new OffsetRun(first, end, null));
    }

    private OffsetRuns.Position Remove(OffsetRuns.Position at)
    {
        ref var run = ref Runs[at];
        Count -= CountOf(run);
        if (run.Bits is not null)
        {
            OffsetBitmaps.Return(run.Bits);
            _bitmaps--;
        }

        return Runs.Remove(at);
    }
}
