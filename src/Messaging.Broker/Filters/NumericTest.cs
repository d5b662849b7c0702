namespace Messaging.Broker.Filters;

/// <summary>Whether a number lies in a range; a side that is null is open. Texts are no numbers, whatever they look like.</summary>
internal sealed class NumericTest(decimal? bottom, bool takesBottom, decimal? top, bool takesTop) : IValueTest
{
    public bool Matches(in Scalar value) =>
        value.Kind == ScalarKind.Number
        && (bottom is not { } low || value.Number.CompareTo(low) is var above && (above > 0 || (above == 0 && takesBottom)))
        && (top is not { } high || value.Number.CompareTo(high) is var below && (below < 0 || (below == 0 && takesTop)));
}
