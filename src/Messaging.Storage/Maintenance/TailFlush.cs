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
    public static void Run(LogStream[] streams, long lastUse, RecordReader reader, ExtentCopier copier)
    {
        var moved = new List<Moved>();
        foreach (LogStream stream in streams)
        {
            (PackExtent[] extents, TailBatch[] tail) = stream.Index.Copy();
            int count = CountUpTo(tail, lastUse);
            if (count > 0)
            {
                moved.Add(new Moved(stream, extents, tail.AsMemory(0, count)));
                copier.Expect(tail.Take(count).Sum(batch => (long)batch.Length));
            }
        }

        for (int i = 0; i < moved.Count; i++)
        {
            moved[i] = moved[i] with { Tail = moved[i].Tail[..Copy(moved[i], reader, copier)] };
        }

        ILookup<long, PackExtent> written = copier.Finish();
        foreach (Moved stream in moved)
        {
            stream.Stream.Index.Replace([.. stream.Extents, .. written[stream.Stream.Id]], stream.Tail.Length);
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

    // Stops before a damaged batch: it stays where it is, in quarantine, and keeps its slot from being recycled.
    private static int Copy(in Moved moved, RecordReader reader, ExtentCopier copier)
    {
        ReadOnlySpan<TailBatch> tail = moved.Tail.Span;
        for (int i = 0; i < tail.Length; i++)
        {
            var place = BlockPlace.InJournal(tail[i], tail[i].Slot.Use);
            if (!copier.TryCopy(moved.Stream, place))
            {
                reader.Quarantine(place, moved.Stream, "copying it into a pack found it damaged", null);
                return i;
            }
        }

        return tail.Length;
    }

    private readonly record struct Moved(LogStream Stream, PackExtent[] Extents, ReadOnlyMemory<TailBatch> Tail);
}
