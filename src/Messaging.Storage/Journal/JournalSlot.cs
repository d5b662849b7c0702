using System.Globalization;
using Messaging.Storage.Disk;

namespace Messaging.Storage.Journal;

/// <summary>
/// One file of the ring. A use begins when the writer takes the slot and ends when the maintainer retires it; readers pin a
/// use under their stream's index lock, where the use is known to be alive, and a pinned slot is not taken again.
/// </summary>
internal sealed class JournalSlot(int number, IDiskFile file) : IDisposable
{
    /// <summary>More than any slot holds.</summary>
    public const long FramesUnknown = 1L << 40;

    private const int PrefixLength = 10;
    private int _pins;
    private volatile bool _hasLeft;

    public int Number { get; } = number;

    public IDiskFile File { get; } = file;

    /// <summary>Rises with every slot that the writer takes: the ring's order. Zero: free.</summary>
    public long Use { get; set; }

    /// <summary>Frames that were written in this use; no less than <see cref="FramesUnknown"/> where an earlier process wrote some of them.</summary>
    public long Frames { get; set; }

    /// <summary>All that still lives in it is damaged: it can't be recycled before that is dead, and the ring does without it.</summary>
    public bool IsCondemned { get; set; }

    /// <summary>Its file is a pack's too: the slot's use ends with its place in the ring.</summary>
    public bool IsPromoted { get; set; }

    /// <summary>In use, and expected to be free again soon.</summary>
    public bool IsCounted => Use > 0 && !IsCondemned;

    public bool IsPinned => Volatile.Read(ref _pins) > 0;

    public void Pin() => Interlocked.Increment(ref _pins);

    public void Unpin()
    {
        if (Interlocked.Decrement(ref _pins) == 0 && _hasLeft)
        {
            File.Dispose();
        }
    }

    /// <summary>It is no longer in the ring, and no index names it: the last reader closes the file.</summary>
    public void Leave()
    {
        _hasLeft = true;
        Interlocked.MemoryBarrier();
        if (!IsPinned)
        {
            File.Dispose();
        }
    }

    public void Dispose() => File.Dispose();

    public static string NameOf(int number) => $"journal/J-{number:D4}.jnl";

    /// <summary>Only what <see cref="NameOf"/> makes is a name.</summary>
    public static bool TryParseName(string name, out int number) =>
        int.TryParse(name.AsSpan(Math.Min(name.Length, PrefixLength)).TrimEnd(".jnl"), NumberStyles.None, CultureInfo.InvariantCulture, out number)
        && name == NameOf(number);
}
