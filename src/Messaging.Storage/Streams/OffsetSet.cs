using System.Diagnostics.CodeAnalysis;

namespace Messaging.Storage.Streams;

/// <summary>
/// A set of offsets of one stream, made for what is acknowledged roughly in order: everything below <see cref="Low"/>
/// is in it, full blocks of 4,096 offsets above are ranges, partly filled ones have a bitmap of 512 bytes, empty ones
/// cost nothing. Nothing is allocated before the first offset out of order. Owned by its stream and used by one thread
/// at a time. Hot path: Add and Contains cost a logarithm of the runs, and amortised nothing else.
/// </summary>
public sealed class OffsetSet
{
    public const int BlockOffsets = 1 << BlockShift;

    /// <summary>Half of what a long can hold, so that no sum of an offset and a block overflows.</summary>
    public const long OffsetMax = (1L << 62) - 1;

    private const int BlockShift = 12;
    private const int BlockMask = BlockOffsets - 1;

    private OffsetRuns? _runs;
    private int _bitmaps;

    public OffsetSet(long low = 0) => Low = Checked(low);

    /// <summary>The first offset that is not in the set.</summary>
    public long Low { get; private set; }

    /// <summary>How many offsets above <see cref="Low"/> are in the set.</summary>
    public long CountAboveLow { get; private set; }

    /// <summary>About what the set takes beside its own object of a few words.</summary>
    public long MemoryBytes => _runs is null ? 0 : _runs.MemoryBytes + (_bitmaps * (long)OffsetBitmaps.MemoryBytes);

    /// <summary>False when it was in the set already.</summary>
    public bool Add(long offset)
    {
        if (Checked(offset) < Low)
        {
            return false;
        }

        if (offset > Low)
        {
            return SetBits(offset >> BlockShift, (int)(offset & BlockMask), (int)(offset & BlockMask) + 1) > 0;
        }

        Low++;
        AdvanceLow();
        return true;
    }

    /// <summary>Adds all offsets from <paramref name="from"/> up to but without <paramref name="to"/>.</summary>
    public void AddRange(long from, long to)
    {
        Checked(from);
        Checked(to);
        if (from >= to || to <= Low)
        {
            return;
        }

        if (from <= Low)
        {
            Low = to;
            DropBelowLow();
            AdvanceLow();
            return;
        }

        var (firstBlock, lastBlock) = (from >> BlockShift, to >> BlockShift);
        var (head, tail) = ((int)(from & BlockMask), (int)(to & BlockMask));
        if (firstBlock == lastBlock)
        {
            SetBits(firstBlock, head, tail);
            return;
        }

        if (head > 0)
        {
            SetBits(firstBlock++, head, BlockOffsets);
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

    public bool Contains(long offset)
    {
        if (offset < Low || _runs is null)
        {
            return offset < Low;
        }

        var block = offset >> BlockShift;
        var at = _runs.Find(block);
        if (_runs.IsEnd(at) || _runs[at].First > block)
        {
            return false;
        }

        var bit = (int)(offset & BlockMask);
        return _runs[at].Bits is not { } bits || (bits[bit / OffsetBits.WordBits] >> bit & 1) != 0;
    }

    /// <summary>How many offsets from <paramref name="from"/> up to but without <paramref name="to"/> are in the set.</summary>
    public long CountIn(long from, long to)
    {
        var count = Math.Max(0, Math.Min(to, Low) - from);
        from = Math.Max(from, Low);
        if (_runs is null || from >= to)
        {
            return count;
        }

        for (var at = _runs.Find(from >> BlockShift); !_runs.IsEnd(at); at = _runs.Next(at))
        {
            ref var run = ref _runs[at];
            var (start, end) = (Math.Max(from, run.First << BlockShift), Math.Min(to, run.End << BlockShift));
            if (start >= end)
            {
                break;
            }

            count += run.Bits is null ? end - start
                : end - start == BlockOffsets ? run.Count
                : OffsetBits.Count(run.Bits, (int)(start & BlockMask), (int)(end - (run.First << BlockShift)));
        }

        return count;
    }

    /// <summary>The first offset from <paramref name="from"/> on that is not in the set.</summary>
    public long NextMissing(long from)
    {
        from = Math.Max(from, Low);
        if (_runs is null)
        {
            return from;
        }

        for (var at = _runs.Find(from >> BlockShift); !_runs.IsEnd(at); at = _runs.Next(at))
        {
            ref var run = ref _runs[at];
            if (run.First > from >> BlockShift)
            {
                break;
            }

            if (run.Bits is null)
            {
                from = run.End << BlockShift;
                continue;
            }

            from = (run.First << BlockShift) + OffsetBits.NextClear(run.Bits, (int)(from & BlockMask));
            if (from < run.End << BlockShift)
            {
                break;
            }
        }

        return from;
    }

    /// <summary>Writes which of the offsets from <paramref name="from"/> on are in the set, 64 a word, the first one as the lowest bit of the first word.</summary>
    public void CopyTo(long from, Span<ulong> words)
    {
        words.Clear();
        var to = from + ((long)words.Length * OffsetBits.WordBits);
        OffsetBits.Set(words, 0, (int)Math.Clamp(Low - from, 0, to - from));
        if (_runs is null)
        {
            return;
        }

        for (var at = _runs.Find(from >> BlockShift); !_runs.IsEnd(at) && _runs[at].First << BlockShift < to; at = _runs.Next(at))
        {
            ref var run = ref _runs[at];
            var start = (run.First << BlockShift) - from;
            if (run.Bits is null)
            {
                OffsetBits.Set(words, (int)Math.Max(start, 0), (int)Math.Min((run.End << BlockShift) - from, to - from));
                continue;
            }

            foreach (var word in run.Bits)
            {
                OffsetBits.Merge(words, start, word);
                start += OffsetBits.WordBits;
            }
        }
    }

    /// <summary>The runs above <see cref="Low"/>, for the checkpoint's codec.</summary>
    internal bool TryGetRuns([NotNullWhen(true)] out OffsetRuns? runs)
    {
        runs = _runs;
        return runs is not null;
    }

    /// <summary>Adds a run after all others, as the checkpoint's codec has checked it.</summary>
    internal void Append(in OffsetRun run)
    {
        _runs ??= OffsetBitmaps.RentRuns();
        _runs.Insert(_runs.Find(run.First), run);
        _bitmaps += run.Bits is null ? 0 : 1;
        CountAboveLow += CountOf(run);
    }

    private static long CountOf(in OffsetRun run) => run.Bits is null ? (run.End - run.First) << BlockShift : run.Count;

    private static long Checked(long offset)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((ulong)offset, (ulong)OffsetMax, nameof(offset));
        return offset;
    }

    private int SetBits(long block, int start, int end)
    {
        _runs ??= OffsetBitmaps.RentRuns();
        var at = _runs.Find(block);
        if (_runs.IsEnd(at) || _runs[at].First > block)
        {
            _runs.Insert(at, new OffsetRun(block, block + 1, OffsetBitmaps.Rent()));
            _bitmaps++;
            at = _runs.Find(block);
        }

        ref var run = ref _runs[at];
        if (run.Bits is null)
        {
            return 0;
        }

        var added = OffsetBits.Set(run.Bits, start, end);
        run.Count += added;
        CountAboveLow += added;
        if (run.Count == BlockOffsets)
        {
            PutFull(block, block + 1);
        }

        return added;
    }

    // Makes the blocks one full run, together with full neighbours. Low's own block never gets here: it cannot be full.
    private void PutFull(long first, long end)
    {
        _runs ??= OffsetBitmaps.RentRuns();
        var at = _runs.Find(first - 1);
        while (!_runs.IsEnd(at) && _runs[at].First <= end)
        {
            ref var run = ref _runs[at];
            if (run.Bits is not null && (run.First < first || run.End > end))
            {
                at = _runs.Next(at);
                continue;
            }

            (first, end) = (Math.Min(first, run.First), Math.Max(end, run.End));
            at = Remove(at);
        }

        CountAboveLow += (end - first) << BlockShift;
        _runs.Insert(_runs.Find(first), new OffsetRun(first, end, null));
    }

    // Low has jumped: takes away the runs that it left behind, and its own block's bits from the counts.
    private void DropBelowLow()
    {
        while (_runs is { IsEmpty: false } && _runs[default].End << BlockShift <= Low)
        {
            Remove(default);
        }

        if (_runs is not { IsEmpty: false } || _runs[default].First << BlockShift > Low)
        {
            return;
        }

        ref var run = ref _runs[default];
        if (run.Bits is null)
        {
            Low = run.End << BlockShift;
            Remove(default);
            return;
        }

        var left = OffsetBits.Count(run.Bits, (int)(Low & BlockMask), BlockOffsets);
        CountAboveLow -= run.Count - left;
        run.Count = left;
    }

    // Moves Low over what follows it without a gap, and lets go of what has become part of the floor.
    private void AdvanceLow()
    {
        while (_runs is { IsEmpty: false } && _runs[default].First <= Low >> BlockShift)
        {
            ref var run = ref _runs[default];
            if (run.Bits is null)
            {
                Low = run.End << BlockShift;
                Remove(default);
                continue;
            }

            var start = (int)(Low & BlockMask);
            var passed = OffsetBits.NextClear(run.Bits, start) - start;
            Low += passed;
            run.Count -= passed;
            CountAboveLow -= passed;
            if (run.Count > 0)
            {
                return;
            }

            Remove(default);
        }

        if (_runs is { IsEmpty: true })
        {
            OffsetBitmaps.Return(_runs);
            _runs = null;
        }
    }

    private OffsetRuns.Position Remove(OffsetRuns.Position at)
    {
        ref var run = ref _runs![at];
        CountAboveLow -= CountOf(run);
        if (run.Bits is not null)
        {
            OffsetBitmaps.Return(run.Bits);
            _bitmaps--;
        }

        return _runs.Remove(at);
    }
}
