namespace Messaging.Broker.Filters;

/// <summary>
/// A place in a message that a policy's keys lead to or through, and the names that lead on from it: a node of the trie of paths. Immutable; hot path.
/// </summary>
internal sealed class FilterPath(int keyIndex, Utf8Set names, int[] next, FilterCondition[] conditions)
{
    /// <summary>The number of the place where a message begins.</summary>
    public const int Root = 0;

    /// <summary>The number of every place that no key leads to.</summary>
    public const int Elsewhere = -1;

    /// <summary>Its number among the places that keys lead to; of no meaning for one that they only lead through.</summary>
    public int KeyIndex => keyIndex;

    public ReadOnlySpan<FilterCondition> Conditions => conditions;

    /// <summary>The number of the place that the name leads to.</summary>
    public int Find(ReadOnlySpan<byte> name)
    {
        int place = names.IndexOf(name);
        return place < 0 ? Elsewhere : next[place];
    }
}
