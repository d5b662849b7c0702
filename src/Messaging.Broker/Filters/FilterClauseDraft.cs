namespace Messaging.Broker.Filters;

/// <summary>A part of a policy's logic while it is read. Used by one thread.</summary>
internal sealed class FilterClauseDraft
{
    // Far above every limit, and far below an overflow when it is multiplied.
    private const long CombinationsEnough = 1_000_000_000_000;

    private readonly List<FilterCondition> _conditions = [];
    private readonly List<FilterClause[]> _choices = [];

    /// <summary>As <see cref="FilterLimits.CombinationsMax"/> counts them.</summary>
    public long Combinations { get; private set; } = 1;

    public void Add(FilterCondition condition, int values, int depth)
    {
        _conditions.Add(condition);
        Multiply((long)values * depth);
    }

    /// <summary>Adds a choice between clauses.</summary>
    public void Add(List<FilterClauseDraft> alternatives)
    {
        var clauses = new FilterClause[alternatives.Count];
        long combinations = 0;
        for (int i = 0; i < clauses.Length; i++)
        {
            clauses[i] = alternatives[i].Build();
            combinations += alternatives[i].Combinations;
        }
        _choices.Add(clauses);
        Multiply(combinations);
    }

    public FilterClause Build() => new([.. _conditions], [.. _choices]);

    private void Multiply(long factor) => Combinations = (long)Int128.Min(CombinationsEnough, (Int128)Combinations * factor);
}
