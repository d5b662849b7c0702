namespace Messaging.Broker.Filters;

/// <summary>A key of a policy with its alternatives, of which one is enough. Immutable.</summary>
internal sealed class FilterCondition(int index, int keyIndex, IValueTest[] tests, bool takesAbsence)
{
    /// <summary>Its number among the policy's conditions.</summary>
    public int Index => index;

    /// <summary>Of the <see cref="FilterPath"/> that it judges.</summary>
    public int KeyIndex => keyIndex;

    /// <summary>Whether it holds when the message has no value there (exists: false).</summary>
    public bool TakesAbsence => takesAbsence;

    /// <summary>The plain texts of which one must be there; null when something else would do too.</summary>
    public Utf8Set? TextsOnly => !takesAbsence && tests is [ExactTest exact] ? exact.TextsOnly : null;

    public bool Matches(in Scalar value)
    {
        foreach (IValueTest test in tests)
        {
            if (test.Matches(value))
                return true;
        }
        return false;
    }
}
