using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Messaging.Broker.Filters;

/// <summary>
/// What one message has led to in an index, so that a message that says the same a thousand times asks nobody a thousand times. Allocates nothing for a message that leads to few sets of which each
/// has its own policies. Used by one search; hot path.
/// </summary>
internal ref struct AskedEntries<TEntry>
    where TEntry : class
{
    private const int FewSets = 8;

    private Sets _few;
    private int _count;
    private HashSet<ImmutableHashSet<TEntry>>? _more;
    private HashSet<TEntry>? _refused;

    /// <summary>Whether the message leads to the set for the first time: the same object, which a text's entries are as long as nobody changes them.</summary>
    public bool Add(ImmutableHashSet<TEntry> entries)
    {
        foreach (ImmutableHashSet<TEntry>? known in _few[..Math.Min(_count, FewSets)])
        {
            if (ReferenceEquals(known, entries)) return false;
        }

        if (_count >= FewSets && !(_more ??= new HashSet<ImmutableHashSet<TEntry>>(ReferenceEqualityComparer.Instance)).Add(entries)) return false;
        if (_count < FewSets) _few[_count] = entries;
        _count++;
        return true;
    }

    /// <summary>The entry, which other sets may have too, does not match. Those of the first set are not kept, as mostly there is no second: they are asked once more at most.</summary>
    public void Refuse(TEntry entry)
    {
        if (_count > 1) (_refused ??= []).Add(entry);
    }

    public readonly bool HasRefused(TEntry entry) => _refused?.Contains(entry) == true;

    [InlineArray(FewSets)]
    private struct Sets
    {
        private ImmutableHashSet<TEntry>? _first;
    }
}
