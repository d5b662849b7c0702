using Messaging.Storage.Packs;
using Messaging.Storage.Streams;

namespace Messaging.Storage.Maintenance;

/// <summary>
/// One turn of maintenance: keeps spare journal slots, flushes the oldest ones, merges packs, takes the checkpoint that is due.
/// When a call throws, what it was writing is discarded and a later turn does it again. Used by the maintenance thread.
/// </summary>
internal sealed class MaintenanceTurn(EngineParts parts, Checkpointer checkpointer, DiskWatch watch, CopyPace pace)
{
    /// <summary>Packs' worth of dead extents that wait for a checkpoint to give their space back.</summary>
    private const int DroppedPacksMax = 4;

    private long _bytesAtCheckpoint;
    private long _bytesAtMerge = -1;
    private long _bytesDropped;
    private bool _needsCheckpoint;

    // For the checkpoint that follows, beside the one before it.
    private long BytesReserved => 2 * checkpointer.LastBytes;

    // A consumer that drains a backlog kills extents all the time: their space waits for the next checkpoint, unless there is much
    // of it, or too little elsewhere.
    private bool CheckpointIsDue => _needsCheckpoint
        || parts.Writer.BytesWritten - _bytesAtCheckpoint >= parts.Options.CheckpointBytes
        || _bytesDropped >= (long)DroppedPacksMax * parts.Options.PackBytesTarget
        || (_bytesDropped > 0 && watch.IsNearlyFull);

    /// <summary>Everything that is due. Throws what a full disk kept from being done, after all else is.</summary>
    public void Run(bool force)
    {
        watch.Look();

        // Where the ring can't grow, slots must come back: all but the writer's are emptied.
        bool isShort = !parts.Ring.TryKeepSpares();
        parts.Admission.Pulse();
        StorageFaultException? full = null;
        if (force || (isShort && parts.Ring.UsedCount > 1) || parts.Ring.UsedCount >= parts.Options.JournalSlotsHigh)
        {
            TailFlush.DropDead(AllStreams(), parts.Queue.Gate);
            _needsCheckpoint = true;
            full = FlushWhatFits(force || isShort ? 1 : parts.Options.JournalSlotsLow);
        }

        try
        {
            Merge();
        }
        catch (StorageFaultException fault) when (fault.Fault == StorageFault.DiskFull)
        {
            full = fault;
        }

        // Also where there was no space for packs: what is dead becomes free with the checkpoint.
        if (CheckpointIsDue)
        {
            long bytes = parts.Writer.BytesWritten;
            checkpointer.Take(checkpointer.Meta.Generation, isClean: false);
            (_bytesAtCheckpoint, _bytesDropped, _needsCheckpoint) = (bytes, 0, false);
            ForgetDamageOfGoneFiles();
        }

        // Also where slots have become packs.
        if (!parts.Ring.TryKeepSpares() && isShort)
        {
            full ??= new StorageFaultException(StorageFault.DiskFull, "There is no space for the journal to go on in.");
        }

        parts.Admission.Pulse();
        if (full is not null)
        {
            throw full;
        }

        watch.Succeeded();
    }

    // Blocks are named by their pack's id, or by the negative use of their slot.
    private void ForgetDamageOfGoneFiles()
    {
        if (parts.Reader.QuarantinedBlocks > 0)
        {
            HashSet<long> uses = [.. parts.Ring.Slots.Select(slot => slot.Use)];
            parts.Reader.ForgetAllBut(file => file > 0 ? checkpointer.Packs.ContainsKey(file) : uses.Contains(-file));
        }
    }

    // On a nearly full disk the oldest slot may fit where all that are due do not.
    private StorageFaultException? FlushWhatFits(int slotsKept)
    {
        long[] uses = [.. parts.Ring.Slots.Where(slot => slot.IsCounted).Select(slot => slot.Use).Order()];
        if (uses.Length <= slotsKept)
        {
            return null;
        }

        StorageFaultException? full = TryFlush(uses[uses.Length - slotsKept - 1]);
        if (full is not null)
        {
            TryFlush(uses[0]);
        }

        return full;
    }

    private StorageFaultException? TryFlush(long lastUse)
    {
        try
        {
            using var promotion = new SlotPromotion(parts.Disk, parts.Options, parts.Queue.Gate, checkpointer.NextPackId, BytesReserved);
            using ExtentCopier copier = NewCopier(pace.AfterFlushing);
            TailFlush.Run(AllStreams(), lastUse, parts.Ring, parts.Reader, promotion, copier);
            AddPacks(promotion.Packs);
            AddPacks(copier.Packs);
            promotion.DropCaches();
            return null;
        }
        catch (StorageFaultException fault) when (fault.Fault == StorageFault.DiskFull)
        {
            return fault;
        }
    }

    private void Merge()
    {
        if (parts.Writer.BytesWritten == _bytesAtMerge || checkpointer.Packs.Count == 0)
        {
            return;
        }

        long bytes = parts.Writer.BytesWritten;
        List<StreamMerge> plan;
        do
        {
            plan = MergePlan.Make(AllStreams(), parts.Queue.Gate, parts.Options.PackBytesTarget);
        }
        while (!TryCarryOut(plan));

        // A plan is bounded: there may be more to copy without anything new being written.
        bool copies = plan.Exists(merge => merge.Copied.Count > 0);
        _bytesAtMerge = copies ? -1 : bytes;
        _needsCheckpoint |= copies;
        _bytesDropped += plan.Sum(merge => merge.Dropped.Sum(extent => extent.Bytes));
    }

    // False: damage was found, and the next plan leaves it where it is.
    private bool TryCarryOut(List<StreamMerge> plan)
    {
        using ExtentCopier copier = NewCopier(pace.AfterMerging);
        bool isDone = PackMerge.TryRun(plan, parts.Reader, copier);
        if (isDone)
        {
            AddPacks(copier.Packs);
        }

        return isDone;
    }

    private void AddPacks(IEnumerable<Pack> packs)
    {
        foreach (Pack pack in packs)
        {
            checkpointer.Add(pack);
        }
    }

    private LogStream[] AllStreams()
    {
        LogStream[] all;
        lock (parts.Queue.Gate)
        {
            all = parts.Streams.ToArray();
        }

        return StreamTable.Ordered(all);
    }

    private ExtentCopier NewCopier(Action<int> paced) =>
        new(parts.Disk, parts.Options, parts.Queue.Gate, checkpointer.NextPackId, BytesReserved, paced);
}
