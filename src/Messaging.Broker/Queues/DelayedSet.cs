using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Messaging.Broker.Queues;

/// <summary>
/// The messages that wait by a delay of their own and were never delivered: a bit each. The heap of times orders them but can't be asked about one; this
/// tells whoever looks at a message, or ends it before its time. A million sent in a row take half a megabyte. Not safe for concurrent calls: the sequencer guards it.
/// </summary>
internal sealed class DelayedSet
{
    // 64 offsets an entry.
    private const int WordShift = 6;

    private readonly Dictionary<long, ulong> _words = [];

    public bool IsEmpty => _words.Count == 0;

    public bool Contains(long offset) => _words.TryGetValue(offset >> WordShift, out ulong word) && (word & Bit(offset)) != 0;

    public void Add(long offset) => CollectionsMarshal.GetValueRefOrAddDefault(_words, offset >> WordShift, out _) |= Bit(offset);

    /// <summary>False when it was not there.</summary>
    public bool Remove(long offset)
    {
        ref ulong word = ref CollectionsMarshal.GetValueRefOrNullRef(_words, offset >> WordShift);
        if (Unsafe.IsNullRef(ref word) || (word & Bit(offset)) == 0) return false;
        word &= ~Bit(offset);
        if (word == 0) _words.Remove(offset >> WordShift);
        return true;
    }

    // The shift counts modulo 64.
    private static ulong Bit(long offset) => 1UL << (int)offset;
}
