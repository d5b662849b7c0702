using Messaging.Broker.Queues;

namespace Messaging.Broker.Topics.Compaction;

/// <summary>
/// How far the compaction of one partition is, and since when tombstones are known to it. Changed inside the sequencer, by recovery and by compaction, which therefore may read it anywhere; others read
/// <see cref="Low"/> only.
/// </summary>
internal sealed class CompactionState(long low)
{
    private readonly List<TombstoneMark> _marks = [];
    private long _low = low;

    /// <summary>Where the partition begins for its readers. Any thread.</summary>
    public long Low => Volatile.Read(ref _low);

    /// <summary>Below, of each key the latest record is left, and of older ones none.</summary>
    public long Cleaned { get; private set; }

    /// <summary>Below, tombstones have had their time.</summary>
    public long Cleared { get; private set; }

    public void ApplyLow(long low) => Volatile.Write(ref _low, Math.Max(_low, low));

    public void ApplyCompactedTo(in CompactionProgress progress)
    {
        Cleaned = Math.Max(Cleaned, progress.Cleaned);
        Cleared = Math.Max(Cleared, progress.Cleared);
        _marks.RemoveAll(mark => mark.Offset <= Cleared);
        if (progress.MetMs == 0) return;
        // Those of one time are one mark; and where there are too many the oldest wait for the next ones.
        if (_marks.Count > 0 && _marks[^1].MetMs >= progress.MetMs) _marks[^1] = _marks[^1] with { Offset = Math.Max(_marks[^1].Offset, progress.Cleaned) };
        else _marks.Add(new TombstoneMark(progress.Cleaned, progress.MetMs));
        if (_marks.Count > TopicLimits.TombstoneMarksMax) _marks.RemoveAt(0);
    }

    /// <summary>Below, tombstones were met at that time or before, and go.</summary>
    public long ClearedBy(long metMs)
    {
        long below = Cleared;
        foreach (TombstoneMark mark in _marks)
        {
            if (mark.MetMs > metMs) break;
            below = mark.Offset;
        }

        return below;
    }

    public void Write(ref BufferEntryWriter writer)
    {
        writer.Unsigned(Low);
        writer.Unsigned(Cleaned);
        writer.Unsigned(Cleared);
        writer.Unsigned(_marks.Count);
        foreach (TombstoneMark mark in _marks)
        {
            writer.Unsigned(mark.Offset);
            writer.Unsigned(mark.MetMs);
        }
    }

    /// <summary>Into a state that is new.</summary>
    public void Restore(ref EntryReader reader)
    {
        _low = reader.Unsigned();
        (Cleaned, Cleared) = (reader.Unsigned(), reader.Unsigned());
        for (long left = reader.Unsigned(); left > 0; left--) _marks.Add(new TombstoneMark(reader.Unsigned(), reader.Unsigned()));
    }

    /// <summary>Tombstones below the offset, and not below that of the mark before, were met at that time; later ones only where marks were joined.</summary>
    private readonly record struct TombstoneMark(long Offset, long MetMs);
}

/// <summary>What a pass of compaction has done.</summary>
/// <param name="Cleaned">Below, of each key the latest record is left.</param>
/// <param name="MetMs">When the tombstones were met that are below and were not known before, in ms since 1970; 0 where there are none.</param>
/// <param name="Cleared">Below, tombstones have had their time and are gone.</param>
internal readonly record struct CompactionProgress(long Cleaned, long MetMs, long Cleared);
