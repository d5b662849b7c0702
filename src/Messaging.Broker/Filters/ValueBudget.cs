namespace Messaging.Broker.Filters;

/// <summary>What the values of a policy have taken of its limits while it is read. Used by one thread.</summary>
internal sealed class ValueBudget(FilterLimits limits)
{
    // What one star of several in a pattern costs, where a lone one costs a point.
    private const int PointsOfOneOfSeveral = 3;

    private int _values;
    private int _patterns;
    private int _points;

    /// <summary>One more value; null, or why there is no room for it.</summary>
    public FilterRefusal? TakeValue() => ++_values > limits.ValuesMax ? FilterRefusal.Excess($"Filter policy can not have more than {limits.ValuesMax} values") : null;

    /// <summary>The value is not plain.</summary>
    public FilterRefusal? TakePattern() => ++_patterns > limits.PatternsMax ? FilterRefusal.Excess($"Filter policy can not have more than {limits.PatternsMax} patterns") : null;

    /// <summary>The pattern has stars.</summary>
    public FilterRefusal? TakeStars(int count)
    {
        if (count > limits.WildcardsPerPatternMax)
            return FilterRefusal.Excess($"A pattern can not have more than {limits.WildcardsPerPatternMax} wildcards");
        _points += count == 1 ? 1 : count * PointsOfOneOfSeveral;
        return _points > limits.WildcardPointsMax
            ? FilterRefusal.Excess($"The wildcards of a filter policy can not have more than {limits.WildcardPointsMax} points")
            : null;
    }
}
