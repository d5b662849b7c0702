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

    internal const int BlockShift = 12;

    /// <summary>Half of what a long can hold, so that no sum of an offset and a block overflows.</summary>
    public const long OffsetMax = (1L << 62) - 1;

    private OffsetBlocks? _above;
    private long _low;

    public OffsetSet(long low = 0) => Low = Checked(low);

    /// <summary>The first offset that is not in the set. From any thread.</summary>
    public long Low
    {
        get => Volatile.Read(ref _low);
        private set => Volatile.Write(ref _low, value);
    }

    /// <summary>Something above <see cref="Low"/> is in the set. From any thread.</summary>
    public bool HasAboveLow => Volatile.Read(ref _above) is not null;

    /// <summary>How many offsets above <see cref="Low"/> are in the set.</summary>
    public long CountAboveLow => _above?.Count ?? 0;

    /// <summary>About what the set takes beside its own object of a few words.</summary>
    public long MemoryBytes => _above?.MemoryBytes ?? 0;

    /// <summary>The runs above <see cref="Low"/>, for the checkpoint's codec; null when there are none.</summary>
    internal OffsetRuns? Runs => _above?.Runs;

    /// <summary>False when it was in the set already.</summary>
    public bool Add(long offset)
    {
        if (Checked(offset) < Low)
        {
            return false;
        }

        if (offset > Low)
        {
            return Above().Add(offset);
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

        if (from > Low)
        {
            Above().AddRange(from, to);
            return;
        }

        Low = _above?.DropBelow(to) ?? to;
        AdvanceLow();
    }

    public bool Contains(long offset) => offset < Low || (_above is not null && _above.Runs.Holds(offset));

    /// <summary>How many offsets from <paramref name="from"/> up to but without <paramref name="to"/> are in the set.</summary>
    public long CountIn(long from, long to)
    {
        var count = Math.Max(0, Math.Min(to, Low) - from);
        from = Math.Max(from, Low);
        return _above is null || from >= to ? count : count + _above.Runs.CountIn(from, to);
    }

    /// <summary>The first offset from <paramref name="from"/> on that is not in the set.</summary>
    public long NextMissing(long from)
    {
        from = Math.Max(from, Low);
        return _above is null ? from : _above.Runs.NextMissing(from);
    }

    /// <summary>Writes which of the offsets from <paramref name="from"/> on are in the set, 64 a word, the first one as the lowest bit of the first word.</summary>
    public void CopyTo(long from, Span<ulong> words)
    {
        words.Clear();
        OffsetBits.Set(words, 0, (int)Math.Clamp(Low - from, 0, (long)words.Length * OffsetBits.WordBits));
        _above?.Runs.CopyTo(from, words);
    }

    /// <summary>Adds a run after all others, as the checkpoint's codec has checked it.</summary>
    internal void Append(in OffsetRun run) => Above().Append(run);

    private static long Checked(long offset)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((ulong)offset, (ulong)OffsetMax, nameof(offset));
        return offset;
    }

    private OffsetBlocks Above() => _above ??= OffsetBitmaps.RentBlocks();

    private void AdvanceLow()
    {
        if (_above is null)
        {
            return;
        }

        Low = _above.Advance(Low);
        if (_above.Runs.IsEmpty)
        {
            OffsetBitmaps.Return(_above);
            _above = null;
        }
    }
}
