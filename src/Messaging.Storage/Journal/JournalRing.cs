using Messaging.Storage.Disk;

namespace Messaging.Storage.Journal;

/// <summary>
/// The journal's files: zero-filled once, then recycled (engine.md section 5: a zero-filled file halves the sync time). One that has become a pack
/// leaves the ring, and another takes its place. Thread-safe: the writer takes, the maintainer prepares and retires.
/// </summary>
internal sealed class JournalRing(IDisk disk, LogEngineOptions options) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Lock _growing = new();
    private readonly List<JournalSlot> _slots = [];
    private long _lastUse;

    // Those that have left and were not replaced yet.
    private int _promotedCount;
    private int _usedCount;
    private int _freeCount;
    private int _writerBytesLeft;

    /// <summary>Slots in use, the writer's included, condemned ones not. A momentary value.</summary>
    public int UsedCount => Volatile.Read(ref _usedCount);

    /// <summary>Slots that the writer may take next; one that a reader still holds is free in a moment. A momentary value.</summary>
    public int FreeCount => Volatile.Read(ref _freeCount);

    /// <summary>What is left of the writer's slot. Bytes; a momentary value, set by the writer.</summary>
    public int WriterBytesLeft
    {
        get => Volatile.Read(ref _writerBytesLeft);
        set => Volatile.Write(ref _writerBytesLeft, value);
    }

    public IReadOnlyList<JournalSlot> Slots
    {
        get
        {
            lock (_lock)
            {
                return [.. _slots];
            }
        }
    }

    /// <summary>Opens the slots that exist on the disk; all are free until recovery marks them used.</summary>
    public void OpenExisting()
    {
        foreach (string name in disk.List("journal"))
        {
            if (JournalSlot.TryParseName("journal/" + name, out int number))
            {
                _slots.Add(new JournalSlot(number, disk.Open("journal/" + name, create: false)));
            }
            else
            {
                disk.Delete("journal/" + name);
            }
        }
    }

    public JournalSlot Get(int number)
    {
        lock (_lock)
        {
            return _slots.Find(slot => slot.Number == number)
                ?? throw StorageFaultException.OfDamage(JournalSlot.NameOf(number), 0, "the file is missing");
        }
    }

    /// <summary>Recovery: the slot holds frames that still count.</summary>
    public void MarkUsed(JournalSlot slot, long use)
    {
        lock (_lock)
        {
            (slot.Use, slot.Frames) = (use, JournalSlot.FramesUnknown);
            Count();
            _lastUse = Math.Max(_lastUse, use);
        }
    }

    /// <summary>
    /// The next slot for the writer. Maintenance keeps spare ones ready and admission lets in only what fits; where a reader holds on to the
    /// last free one, or commands came that nobody had admitted, the ring grows here and now.
    /// </summary>
    public JournalSlot Take()
    {
        while (true)
        {
            lock (_lock)
            {
                JournalSlot? slot = _slots.Find(IsFree);
                if (slot is not null)
                {
                    (slot.Use, slot.Frames) = (++_lastUse, 0);
                    Count();
                    return slot;
                }
            }

            Grow(() => !Slots.Any(IsFree));
        }
    }

    /// <summary>
    /// Ends a slot's use: a synced checkpoint covers all that it held (engine.md invariant 4). One that has become a pack leaves the ring; where its name can't be
    /// deleted now, it stays in use for the next checkpoint to try again.
    /// </summary>
    public void Retire(JournalSlot slot)
    {
        if (slot.IsPromoted && !TryDelete(slot))
        {
            return;
        }

        lock (_lock)
        {
            if (slot.IsPromoted)
            {
                slot.Leave();
                _slots.Remove(slot);
                _promotedCount++;
            }
            else
            {
                (slot.Use, slot.IsCondemned) = (0, false);
            }

            Count();
        }
    }

    /// <summary>
    /// After recovery, when packs that nothing names are gone: a file with a second name is a pack too, and nobody may write into it. A free one, whose first name a crash has left behind, leaves the
    /// ring; one in which a batch still counts leaves it later. What stands behind a slot else is the index of a pack that no checkpoint came to name, and is cut off.
    /// </summary>
    public void KeepFromPacks()
    {
        foreach (JournalSlot slot in Slots)
        {
            bool hasTwoNames = disk.CountNames(JournalSlot.NameOf(slot.Number)) > 1;
            if (hasTwoNames && slot.Use == 0)
            {
                Drop(slot);
            }
            else if (hasTwoNames)
            {
                slot.IsPromoted = true;
            }
            else if (slot.File.Length > options.JournalSlotBytes)
            {
                slot.File.SetLength(options.JournalSlotBytes);
            }
        }
    }

    /// <summary>What lives in the slot can't be read, and so not be moved: it stays, and another slot takes its place in the ring.</summary>
    public void Condemn(JournalSlot slot)
    {
        lock (_lock)
        {
            slot.IsCondemned = true;
            Count();
        }
    }

    /// <summary>Gives a free slot's space back to the disk: for a checkpoint without which nothing goes on. False where there is none.</summary>
    public bool TryDropFree()
    {
        lock (_lock)
        {
            if (_slots.Find(IsFree) is not { } slot)
            {
                return false;
            }

            Drop(slot);
            return true;
        }
    }

    /// <summary>
    /// Keeps spare slots for all that may be admitted, and as many as there were before some became packs, where the ring may still grow; false where the disk has no
    /// space for the spare ones. Blocks for as long as zeros take, where they are needed.
    /// </summary>
    public bool TryKeepSpares()
    {
        try
        {
            while (NeedsSlot())
            {
                Grow(NeedsSlot);
            }

            return true;
        }
        catch (StorageFaultException fault) when (fault.Fault == StorageFault.DiskFull)
        {
            return FreeCount >= LogEngineOptions.JournalSlotsSpare;
        }
    }

    private bool NeedsSlot()
    {
        lock (_lock)
        {
            // What replaces a promoted slot is no spare one: it does not take the disk's last space.
            bool replaces = _promotedCount > 0 && disk.FreeBytes() >= options.JournalSlotBytes + options.DiskReserveBytes;
            return (_freeCount < LogEngineOptions.JournalSlotsSpare || replaces) && _slots.Count(slot => !slot.IsCondemned) < options.JournalSlots;
        }
    }

    public void Dispose()
    {
        foreach (JournalSlot slot in Slots)
        {
            slot.Dispose();
        }
    }

    private void Drop(JournalSlot slot)
    {
        slot.Dispose();
        disk.Delete(JournalSlot.NameOf(slot.Number));
        lock (_lock)
        {
            _slots.Remove(slot);
            Count();
        }
    }

    private bool TryDelete(JournalSlot slot)
    {
        try
        {
            disk.Delete(JournalSlot.NameOf(slot.Number));
            return true;
        }
        catch (StorageFaultException)
        {
            return false;
        }
    }

    private static bool IsFree(JournalSlot slot) => slot.Use == 0 && !slot.IsPinned;

    private void Count() => (_usedCount, _freeCount) = (_slots.Count(slot => slot.IsCounted), _slots.Count(slot => slot.Use == 0));

    private void Grow(Func<bool> isNeeded)
    {
        lock (_growing)
        {
            if (!isNeeded())
            {
                return;
            }

            HashSet<int> numbers = [.. Slots.Select(slot => slot.Number)];
            int number = Enumerable.Range(0, int.MaxValue).First(candidate => !numbers.Contains(candidate));
            bool replaces = Volatile.Read(ref _promotedCount) > 0;
            JournalSlot slot = JournalSlotFile.Create(disk, number, options.JournalSlotBytes, isFilled: !replaces);
            lock (_lock)
            {
                _slots.Add(slot);
                _promotedCount -= replaces ? 1 : 0;
                Count();
            }
        }
    }
}
