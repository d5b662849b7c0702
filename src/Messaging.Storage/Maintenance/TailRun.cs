using Messaging.Storage.Journal;
using Messaging.Storage.Streams;

namespace Messaging.Storage.Maintenance;

/// <summary>The batches of one stream in one journal slot, of which a flush disposes. Used by the maintenance thread.</summary>
internal sealed class TailRun(LogStream stream, JournalSlot slot, ReadOnlyMemory<TailBatch> batches)
{
    public LogStream Stream { get; } = stream;

    public JournalSlot Slot { get; } = slot;

    /// <summary>In order; not empty.</summary>
    public ReadOnlyMemory<TailBatch> Batches { get; } = batches;

    public long Bytes { get; } = Sum(batches.Span);

    /// <summary>Other streams have some of them too: none of those stands under its own offsets in the slot.</summary>
    public bool IsShared { get; } = HasShared(batches.Span);

    /// <summary>They are not copied: their slot has become a pack.</summary>
    public bool Stays { get; set; }

    /// <summary>Cuts a part of a stream's tail where one slot ends and the next begins.</summary>
    public static List<TailRun> Split(LogStream stream, TailBatch[] tail)
    {
        var runs = new List<TailRun>();
        for (int start = 0; start < tail.Length;)
        {
            int end = start + 1;
            while (end < tail.Length && tail[end].Slot == tail[start].Slot)
            {
                end++;
            }

            runs.Add(new TailRun(stream, tail[start].Slot, tail.AsMemory(start, end - start)));
            start = end;
        }

        return runs;
    }

    private static bool HasShared(ReadOnlySpan<TailBatch> batches)
    {
        foreach (ref readonly TailBatch batch in batches)
        {
            if (batch.IsShared)
            {
                return true;
            }
        }

        return false;
    }

    private static long Sum(ReadOnlySpan<TailBatch> batches)
    {
        long bytes = 0;
        foreach (ref readonly TailBatch batch in batches)
        {
            bytes += batch.Length;
        }

        return bytes;
    }
}
