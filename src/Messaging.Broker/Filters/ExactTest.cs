namespace Messaging.Broker.Filters;

/// <summary>Whether a value is one of those that are listed: texts, numbers (sorted, each once), true, false and null.</summary>
internal sealed class ExactTest(Utf8Set texts, decimal[] numbers, bool takesTrue, bool takesFalse, bool takesNull) : IValueTest
{
    /// <summary>The listed texts; null when something else is listed too.</summary>
    public Utf8Set? TextsOnly => numbers.Length == 0 && !takesTrue && !takesFalse && !takesNull ? texts : null;

    public bool Matches(in Scalar value) => value.Kind switch
    {
        ScalarKind.Text => texts.IndexOf(value.Text) >= 0,
        ScalarKind.Number => value.Number.TryGet(out decimal number) && Array.BinarySearch(numbers, number) >= 0,
        ScalarKind.True => takesTrue,
        ScalarKind.False => takesFalse,
        ScalarKind.Null => takesNull,
    };
}
