using System.Buffers;
using Messaging.Storage.Journal;
using Messaging.Storage.Packs;
using Messaging.Storage.Reading;
using Messaging.Storage.Streams;

namespace Messaging.Storage.Maintenance;

/// <summary>
/// Empties the oldest journal slots: those that hold large batches become packs (<see cref="SlotPromotion"/>), and what lives in the others is copied into packs, whatever its stream and
/// however idle (engine.md invariant 4); what was consumed meanwhile is never written a second time. Nothing of the journal is freed here: only a synced checkpoint does that.
/// </summary>
internal static class TailFlush
{
    /// <summary>One read fetches so much of small batches that adjoin each other: it stays in the processor's cache until it is copied. Bytes.</summary>
    private const int ReadBytes = 256 << 10;

    /// <summary>A batch of so many bytes is read alone.</summary>
    private const int DirectBytesMin = 16 << 10;

    /// <summary>Flushes all batches in slots up to <paramref name="lastUse"/>.</summary>
    public static void Run(LogStream[] streams, long lastUse, JournalRing ring, RecordReader reader, SlotPromotion promotion, ExtentCopier copier)
    {
        var moved = new List<Moved>();
        foreach (LogStream stream in streams)
        {
            (PackExtent[] extents, TailBatch[] tail) = stream.Index.CopyUpTo(lastUse);
            if (tail.Length > 0)
            {
                moved.Add(new Moved(stream, extents, tail.Length, TailRun.Split(stream, tail), []));
            }
        }

        promotion.Run(moved.SelectMany(stream => stream.Runs), reader);
        copier.Expect(moved.SelectMany(stream => stream.Runs).Where(run => !run.Stays).Sum(run => run.Bytes));
        foreach (Moved stream in moved)
        {
            foreach (TailRun run in stream.Runs)
            {
                if (run.Stays)
                {
                    // What is copied before it and behind it are two extents.
                    copier.Break();
                }
                else
                {
                    Copy(run, stream.Damaged, reader, copier);
                }
            }
        }

        ILookup<long, PackExtent> written = copier.Finish();
        ILookup<long, PackExtent> promoted = promotion.Finish();
        foreach (Moved stream in moved)
        {
            long id = stream.Stream.Id;
            stream.Stream.Index.Replace(
                [.. stream.Extents.Concat(written[id]).Concat(promoted[id]).OrderBy(extent => extent.BaseOffset)],
                stream.Count,
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

    // A damaged batch stays where it is, in quarantine, and keeps its slot from being recycled; those after it do not wait for it.
    private static void Copy(TailRun run, List<TailBatch> damaged, RecordReader reader, ExtentCopier copier)
    {
        ReadPiece[] pieces = ArrayPool<ReadPiece>.Shared.Rent(StorageLimits.CatchUpPiecesMax);
        for (ReadOnlySpan<TailBatch> rest = run.Batches.Span; rest.Length > 0;)
        {
            int count = TailBatch.TakeAdjoining(rest, long.MaxValue, ReadBytes, pieces);
            int copied = CopyFirst(run.Stream, pieces.AsSpan(0, count), reader, copier);
            rest = rest[copied..];
            if (copied == 0)
            {
                damaged.Add(rest[0]);
                copier.Break();
                rest = rest[1..];
            }
        }

        ArrayPool<ReadPiece>.Shared.Return(pieces, clearArray: true);
    }

    // How many of them, in order: 0 where the first is damaged. Large batches are not worth a copy more, nor small ones that adjoin each other a read each.
    private static int CopyFirst(LogStream stream, ReadOnlySpan<ReadPiece> batches, RecordReader reader, ExtentCopier copier)
    {
        int length = batches[0].Place.Length;
        if ((batches.Length == 1 || length >= DirectBytesMin) && length <= PackWriter.RoomBytesMax)
        {
            return copier.TryCopy(stream, reader, batches[0]) ? 1 : 0;
        }

        using BatchSet read = BatchRead.Run(reader, stream, batches);
        copier.Copy(stream, read);
        return read.Count;
    }

    /// <summary>The first <c>Count</c> batches of a stream's tail, which go.</summary>
    private readonly record struct Moved(LogStream Stream, PackExtent[] Extents, int Count, List<TailRun> Runs, List<TailBatch> Damaged);
}
