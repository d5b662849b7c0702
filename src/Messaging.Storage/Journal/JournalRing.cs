using Messaging.Storage.Disk;

namespace Messaging.Storage.Journal;

/// <summary>
/// The journal's files: zero-filled once, then recycled (engine.md section 5: a zero-filled file halves the sync time).
/// Thread-safe: the writer takes, the maintainer prepares and retires.
/// </summary>
internal sealed class JournalRing(IDisk disk, LogEngineOptions options) : IDisposable
{
    private const int ZeroChunkBytes = 1 << 20;
    private readonly Lock _lock = new();
    private readonly Lock _growing = new();
    private readonly List<JournalSlot> _slots = [];
    private long _lastUse;
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
            slot.Use = use;
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
                    slot.Use = ++_lastUse;
                    Count();
                    return slot;
                }
            }

            Grow(sparesMax: 1);
        }
    }

    /// <summary>Ends a slot's use: a synced checkpoint covers all that it held (engine.md invariant 4).</summary>
    public void Retire(JournalSlot slot)
    {
        lock (_lock)
        {
            (slot.Use, slot.IsCondemned) = (0, false);
            Count();
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

            slot.Dispose();
            disk.Delete(JournalSlot.NameOf(slot.Number));
            _slots.Remove(slot);
            Count();
            return true;
        }
    }

    /// <summary>
    /// Keeps spare slots for all that may be admitted, where the ring may still grow; false where the disk has no space for them.
    /// Blocks for as long as the zeros take.
    /// </summary>
    public bool TryKeepSpares()
    {
        try
        {
            while (NeedsSpare())
            {
                Grow(LogEngineOptions.JournalSlotsSpare);
            }

            return true;
        }
        catch (StorageFaultException fault) when (fault.Fault == StorageFault.DiskFull)
        {
            return false;
        }
    }

    private bool NeedsSpare()
    {
        lock (_lock)
        {
            return _freeCount < LogEngineOptions.JournalSlotsSpare && _slots.Count(slot => !slot.IsCondemned) < options.JournalSlots;
        }
    }

    public void Dispose()
    {
        foreach (JournalSlot slot in Slots)
        {
            slot.Dispose();
        }
    }

    private static bool IsFree(JournalSlot slot) => slot.Use == 0 && !slot.IsPinned;

    private void Count() => (_usedCount, _freeCount) = (_slots.Count(slot => slot.IsCounted), _slots.Count(slot => slot.Use == 0));

    private void Grow(int sparesMax)
    {
        lock (_growing)
        {
            if (Slots.Count(IsFree) >= sparesMax)
            {
                return;
            }

            int number = Slots.Count == 0 ? 0 : Slots.Max(slot => slot.Number) + 1;
            JournalSlot slot = Create(number);
            lock (_lock)
            {
                _slots.Add(slot);
                Count();
            }
        }
    }

    private JournalSlot Create(int number)
    {
        string name = JournalSlot.NameOf(number);
        string temporary = name + ".new";
        try
        {
            using IDiskFile file = disk.Open(temporary, create: true);
            file.Allocate(options.JournalSlotBytes);

            // Through the page cache, in large pieces: pages that come there so are large ones, and every later frame is written and synced in a fifth
            // to a half less time than where direct writes left it to the frames to bring them.
            byte[] zeros = new byte[Math.Min(ZeroChunkBytes, options.JournalSlotBytes)];
            for (long position = 0; position < options.JournalSlotBytes; position += zeros.Length)
            {
                file.Write(zeros.AsSpan(0, (int)Math.Min(zeros.Length, options.JournalSlotBytes - position)), position);
            }

            file.DataSync();
        }
        catch (StorageFaultException fault) when (fault.Fault == StorageFault.DiskFull)
        {
            if (disk.Exists(temporary))
            {
                disk.Delete(temporary);
            }

            throw;
        }

        disk.Rename(temporary, name);
        disk.SyncFolder("journal");
        return new JournalSlot(number, disk.Open(name, create: false));
    }
}
