namespace Messaging.Storage.Streams;

/// <summary>What ordered runs say of single offsets and of ranges. Hot path: a logarithm of the runs, no allocation.</summary>
internal static class OffsetRunQueries
{
    private const int BlockShift = OffsetSet.BlockShift;
    private const int BlockMask = OffsetSet.BlockOffsets - 1;

    public static bool Holds(this OffsetRuns runs, long offset)
    {
        var block = offset >> BlockShift;
        var at = runs.Find(block);
        if (runs.IsEnd(at) || runs[at].First > block)
        {
            return false;
        }

        var bit = (int)(offset & BlockMask);
        return runs[at].Bits is not { } bits || (bits[bit / OffsetBits.WordBits] >> bit & 1) != 0;
    }

    /// <summary>How many offsets from <paramref name="from"/>, which is not below the set's floor, up to but without <paramref name="to"/> are in the runs.</summary>
    public static long CountIn(this OffsetRuns runs, long from, long to)
    {
        long count = 0;
        for (var at = runs.Find(from >> BlockShift); !runs.IsEnd(at); at = runs.Next(at))
        {
            ref var run = ref runs[at];
            var (start, end) = (Math.Max(from, run.First << BlockShift), Math.Min(to, run.End << BlockShift));
            if (start >= end)
            {
                break;
            }

            count += run.Bits is null ? end - start
                : end - start == OffsetSet.BlockOffsets ? run.Count
                : OffsetBits.Count(run.Bits, (int)(start & BlockMask), (int)(end - (run.First << BlockShift)));
        }

        return count;
    }

    /// <summary>The first offset from <paramref name="from"/> on that is in no run.</summary>
    public static long NextMissing(this OffsetRuns runs, long from)
    {
        for (var at = runs.Find(from >> BlockShift); !runs.IsEnd(at); at = runs.Next(at))
        {
            ref var run = ref runs[at];
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

    /// <summary>Sets the bits of the offsets in the runs; the lowest bit of the first word is <paramref name="from"/>.</summary>
    public static void CopyTo(this OffsetRuns runs, long from, Span<ulong> words)
    {
        var to = from + ((long)words.Length * OffsetBits.WordBits);
        for (var at = runs.Find(from >> BlockShift); !runs.IsEnd(at) && runs[at].First << BlockShift < to; at = runs.Next(at))
        {
            ref var run = ref runs[at];
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
}
