namespace Messaging.Broker.Filters;

/// <summary>
/// One message against one policy: which keys have a value, and which conditions hold. Values come in any order; then <see cref="FilterClause.Holds"/> judges.
/// Lives on the stack of one thread, in memory of the caller (<see cref="Words"/>, zeroed); hot path.
/// </summary>
internal readonly ref struct FilterRun
{
    private const int WordBits = 64;

    private readonly Span<ulong> _held;
    private readonly Span<ulong> _present;

    public FilterRun(Span<ulong> words, int conditions)
    {
        _held = words[..WordsFor(conditions)];
        _present = words[_held.Length..];
    }

    /// <summary>Words of memory for a policy of so many conditions on so many keys.</summary>
    public static int Words(int conditions, int keys) => WordsFor(conditions) + WordsFor(keys);

    public void Offer(FilterPath path, in Scalar value)
    {
        if (path.Conditions.IsEmpty)
            return;
        MarkPresent(path);
        foreach (FilterCondition condition in path.Conditions)
        {
            if (!Has(_held, condition.Index) && condition.Matches(value))
                Set(_held, condition.Index);
        }
    }

    /// <summary>The key is not absent, whatever its values are.</summary>
    public void MarkPresent(FilterPath key) => Set(_present, key.KeyIndex);

    public bool Holds(FilterCondition condition) =>
        Has(_held, condition.Index) || (condition.TakesAbsence && !Has(_present, condition.KeyIndex));

    private static int WordsFor(int bits) => (bits + WordBits - 1) / WordBits;

    private static bool Has(ReadOnlySpan<ulong> words, int bit) => (words[bit / WordBits] & (1UL << (bit % WordBits))) != 0;

    private static void Set(Span<ulong> words, int bit) => words[bit / WordBits] |= 1UL << (bit % WordBits);
}
