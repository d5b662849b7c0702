namespace Messaging.Broker.Filters;

/// <summary>
/// A part of a policy's logic: all of its conditions must hold, and of each group of alternatives (a $or) one. Immutable.
/// </summary>
internal sealed class FilterClause(FilterCondition[] conditions, FilterClause[][] choices)
{
    /// <summary>What must hold whatever is chosen.</summary>
    public ReadOnlySpan<FilterCondition> Conditions => conditions;

    public bool HasChoices => choices.Length > 0;

    public bool Holds(in FilterRun run)
    {
        foreach (FilterCondition condition in conditions)
        {
            if (!run.Holds(condition))
                return false;
        }
        foreach (FilterClause[] choice in choices)
        {
            if (!AnyHolds(choice, run))
                return false;
        }
        return true;
    }

    /// <summary>The first condition on a key that another one beside or above it is on too, so that both would have to hold; null when there is none.</summary>
    public FilterCondition? FindRepeated(HashSet<int> keysAbove)
    {
        FilterCondition? repeated = null;
        var mine = new List<int>(conditions.Length);
        foreach (FilterCondition condition in conditions)
        {
            if (keysAbove.Add(condition.KeyIndex))
                mine.Add(condition.KeyIndex);
            else
                repeated ??= condition;
        }
        foreach (FilterClause[] choice in choices)
        {
            foreach (FilterClause alternative in choice)
                repeated ??= alternative.FindRepeated(keysAbove);
        }
        keysAbove.ExceptWith(mine);
        return repeated;
    }

    private static bool AnyHolds(FilterClause[] alternatives, in FilterRun run)
    {
        foreach (FilterClause alternative in alternatives)
        {
            if (alternative.Holds(run))
                return true;
        }
        return false;
    }
}
