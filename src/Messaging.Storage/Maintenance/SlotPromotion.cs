using Messaging.Storage.Disk;
using Messaging.Storage.Journal;
using Messaging.Storage.Packs;
using Messaging.Storage.Reading;
using Messaging.Storage.Records;
using Messaging.Storage.Streams;

namespace Messaging.Storage.Maintenance;

/// <summary>
/// Makes packs of journal files that hold little else than living large batches of few streams: what is in them is not written a second time. The file gets an index behind its frames and a
/// second name, a pack's; its first name goes when a checkpoint names the pack. Used by the maintenance thread for one flush; dispose takes back what was not finished.
/// </summary>
internal sealed class SlotPromotion(IDisk disk, LogEngineOptions options, Lock gate, Func<long> nextPackId, long bytesReserved) : IDisposable
{
    /// <summary>An extent up to this size a merge would copy.</summary>
    private readonly long _smallBytesMax = MergePlan.SmallBytesMax(options.PackBytesTarget);

    private readonly List<Promoted> _promoted = [];
    private bool _isFinished;

    /// <summary>The packs made; valid after <see cref="Finish"/>.</summary>
    public IEnumerable<Pack> Packs => _promoted.Select(promoted => promoted.Pack);

    /// <summary>Promotes what is worth it, and marks the runs that stay where they are.</summary>
    public void Run(IEnumerable<TailRun> runs, RecordReader reader)
    {
        foreach (IGrouping<JournalSlot, TailRun> slot in runs.GroupBy(run => run.Slot).Where(slot => HasLargeFrames(slot.Key)))
        {
            TailRun[] large = [.. slot.Where(IsLarge).OrderBy(run => run.Stream.Id)];
            bool isWorthIt = large.Sum(LivingBytes) >= options.JournalSlotBytes * options.PromotedShareMin && HasSpaceForAnother();
            if (isWorthIt && TryIndex(large, reader) is { } index)
            {
                Promote(slot.Key, index, large);
            }
        }
    }

    /// <summary>Nothing is taken back any more; returns the new extents of all streams, in order.</summary>
    public ILookup<long, PackExtent> Finish()
    {
        _isFinished = true;
        _promoted.ForEach(promoted => promoted.Slot.IsPromoted = true);
        return _promoted
            .SelectMany(promoted => promoted.Extents.Select(extent => (extent.StreamId, Extent: PackExtent.Of(promoted.Pack, extent))))
            .ToLookup(found => found.StreamId, found => found.Extent);
    }

    /// <summary>Behind <see cref="Finish"/>: who still wants what is in the packs catches up, and the page cache is for what is new.</summary>
    public void DropCaches() => _promoted.ForEach(promoted => promoted.Slot.File.DropCache());

    public void Dispose()
    {
        if (!_isFinished)
        {
            _promoted.ForEach(TryDelete);
        }
    }

    // Of what an earlier process wrote nobody knows: it is copied.
    private bool HasLargeFrames(JournalSlot slot) => options.JournalSlotBytes / Math.Max(1, slot.Frames) >= (long)options.PromotedBatchBytes * StorageLimits.PromotedFrameBatches;

    private bool IsLarge(TailRun run) => !run.IsShared && run.Bytes > _smallBytesMax && run.Bytes >= (long)run.Batches.Length * options.PromotedBatchBytes;

    // As in a merge: the share of its offsets that live.
    private double LivingBytes(TailRun run)
    {
        ReadOnlySpan<TailBatch> batches = run.Batches.Span;
        if (!run.Stream.HasReleasedAboveLow && run.Stream.Low <= batches[0].BaseOffset)
        {
            return run.Bytes;
        }

        double living = 0;
        lock (gate)
        {
            foreach (ref readonly TailBatch batch in batches)
            {
                living += batch.Length * (1 - ((double)run.Stream.Released.CountIn(batch.BaseOffset, batch.EndOffset) / batch.Count));
            }
        }

        return living;
    }

    // Another file takes its place in the ring, and may not take the space of the checkpoint that follows.
    private bool HasSpaceForAnother() => disk.FreeBytes() >= ((_promoted.Count + 1L) * options.JournalSlotBytes) + bytesReserved;

    // Each batch is a block, whose checksum follows from its header, since its own covers the rest. Null where one is damaged there: a copy finds out more.
    private static PackIndex? TryIndex(TailRun[] runs, RecordReader reader)
    {
        var extents = new List<PackedExtent>();
        var blocks = new List<PackBlock>();
        foreach (TailRun run in runs)
        {
            int firstBlock = blocks.Count;
            long maxTimestamp = long.MinValue, count = 0;
            foreach (ref readonly TailBatch batch in run.Batches.Span)
            {
                if (!TryReadBlock(batch, reader, out PackBlock block, out RecordBatchHeader header))
                {
                    return null;
                }

                blocks.Add(block);
                (maxTimestamp, count) = (Math.Max(maxTimestamp, header.MaxTimestamp), count + header.Count);
            }

            extents.Add(new PackedExtent(
                run.Stream.Id, run.Batches.Span[0].BaseOffset, run.Batches.Span[^1].EndOffset, maxTimestamp, run.Bytes, count, firstBlock, blocks.Count - firstBlock));
        }

        return new PackIndex([.. extents], [.. blocks], WasJournal: true);
    }

    private static bool TryReadBlock(in TailBatch batch, RecordReader reader, out PackBlock block, out RecordBatchHeader header)
    {
        (block, header) = (default, default);
        Span<byte> start = stackalloc byte[RecordBatch.HeaderBytes];
        try
        {
            bool isSound = !reader.IsQuarantined(BlockPlace.InJournal(batch, batch.Slot.Use))
                && batch.Slot.File.Read(start, batch.Position) == start.Length
                && RecordBatch.TryReadStart(start, out header)
                && (header.BaseOffset, header.LastOffset + 1, header.TotalBytes) == (batch.BaseOffset, batch.EndOffset, batch.Length);
            block = isSound ? new PackBlock(batch.BaseOffset, batch.Position, batch.Length, RecordBatch.ChecksumOf(start, batch.Length)) : default;
            return isSound;
        }
        catch (StorageFaultException fault) when (fault.Fault != StorageFault.Exhausted)
        {
            return false;
        }
    }

    private void Promote(JournalSlot slot, PackIndex index, TailRun[] runs)
    {
        long id = nextPackId();
        string name = JournalSlot.NameOf(slot.Number);
        if (!disk.TryLink(name, Pack.NameOf(id)))
        {
            return;
        }

        byte[] bytes = index.Encode(id, options.JournalSlotBytes);
        long length = options.JournalSlotBytes + (long)bytes.Length;
        var promoted = new Promoted(slot, new Pack(disk, id, length), index.Extents);

        // A start tells by the count of names what nobody may write into: where they are not counted, it is copied.
        if (disk.CountNames(name) < 2)
        {
            TryDelete(promoted);
            return;
        }

        _promoted.Add(promoted);
        slot.File.Write(bytes, options.JournalSlotBytes);
        slot.File.SetLength(length);
        slot.File.DataSync();
        disk.SyncFolder("packs");
        Array.ForEach(runs, run => run.Stays = true);
    }

    // What is left of it no checkpoint names, and the next start deletes.
    private void TryDelete(Promoted promoted)
    {
        try
        {
            disk.Delete(promoted.Pack.Name);
        }
        catch (StorageFaultException)
        {
            // The fault that led here counts.
        }
    }

    private readonly record struct Promoted(JournalSlot Slot, Pack Pack, PackedExtent[] Extents);
}
