using Messaging.Storage.Journal;
using Messaging.Storage.Reading;
using Messaging.Storage.Streams;

namespace Messaging.Storage.Maintenance;

/// <summary>
/// Empties the oldest journal slots: what still lives in them goes into packs, whatever its stream and however idle
/// (engine.md invariant 4); what was consumed meanwhile is never written a second time. Nothing of the journal is freed
/// here: only a synced checkpoint does that.
/// </summary>
internal static class TailFlush
{
    /// <summary>Flushes all batches in slots up to <paramref name="lastUse"/>.</summary>
    public static void Run(LogStream[] streams, long lastUse, JournalRing ring, RecordReader reader, ExtentCopier copier)
    {
        var moved = new List<Moved>();
        foreach (LogStream stream in streams)
        {
            (PackExtent[] extents, TailBatch[] tail) = stream.Index.Copy();
            int count = CountUpTo(tail, lastUse);
            if (count > 0)
            {
                moved.Add(new Moved(stream, extents, tail.AsMemory(0, count), []));
                copier.Expect(tail.Take(count).Sum(batch => (long)batch.Length));
            }
        }

        foreach (Moved stream in moved)
        {
            Copy(stream, reader, copier);
        }

        ILookup<long, PackExtent> written = copier.Finish();
        foreach (Moved stream in moved)
        {
            stream.Stream.Index.Replace(
                [.. stream.Extents.Concat(written[stream.Stream.Id]).OrderBy(extent => extent.BaseOffset)],
                stream.Tail.Length,
                [.. stream.Damaged]);
        }

        foreach (TailBatch damaged in moved.SelectMany(stream => stream.Damaged))
        {
            ring.Condemn(damaged.Slot);
        }
    }

    /// <summary>
    /// Forgets the batches and extents in which nothing lives: their slots and packs are free with the next checkpoint, and no
    /// space is needed for that.
    /// </summary>
    public static void DropDead(LogStream[] streams, Lock gate)
    {
        foreach (LogStream stream in streams)
        {
            (PackExtent[] extents, TailBatch[] tail) = stream.Index.Copy();
            PackExtent[] liveExtents = [.. extents.Where(extent => !IsDead(stream, extent.BaseOffset, extent.EndOffset, gate))];
            TailBatch[] liveTail = [.. tail.Where(batch => !IsDead(stream, batch.BaseOffset, batch.EndOffset, gate))];
            if (liveExtents.Length < extents.Length || liveTail.Length < tail.Length)
            {
                stream.Index.Replace(liveExtents, tail.Length, liveTail);
            }
        }
    }

    private static bool IsDead(LogStream stream, long from, long to, Lock gate)
    {
        lock (gate)
        {
            return to <= stream.Low || (stream.Released.CountAboveLow >= to - from && stream.Released.CountIn(from, to) == to - from);
        }
    }

    private static int CountUpTo(TailBatch[] tail, long lastUse)
    {
        int count = 0;
        while (count < tail.Length && tail[count].Slot.Use <= lastUse)
        {
            count++;
        }

        return count;
    }

    // A damaged batch stays where it is, in quarantine, and keeps its slot from being recycled; those after it do not wait for it.
    private static void Copy(in Moved moved, RecordReader reader, ExtentCopier copier)
    {
        foreach (TailBatch batch in moved.Tail.Span)
        {
            var place = BlockPlace.InJournal(batch, batch.Slot.Use);
            if (!copier.TryCopy(moved.Stream, place))
            {
                reader.Quarantine(place, moved.Stream, "copying it into a pack found it damaged", null);
                moved.Damaged.Add(batch);
                copier.Break();
            }
        }
    }

    private readonly record struct Moved(LogStream Stream, PackExtent[] Extents, ReadOnlyMemory<TailBatch> Tail, List<TailBatch> Damaged);
}
