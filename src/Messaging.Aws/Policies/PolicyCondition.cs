using System.Net;

namespace Messaging.Aws.Policies;

/// <summary>
/// One operator on one key with its values, any of which may fit, or with a negated operator none. Immutable; hot path: the usual ones
/// allocate nothing.
/// </summary>
internal sealed class PolicyCondition
{
    private readonly ConditionOperator _operator;
    private readonly ConditionKey _key;

    // Of these, the one that the operator compares with.
    private readonly TextPattern[] _texts = [];
    private readonly double[] _numbers = [];
    private readonly AddressRange[] _ranges = [];
    private readonly bool[] _truths = [];

    private PolicyCondition(ConditionOperator conditionOperator, ConditionKey key) => (_operator, _key) = (conditionOperator, key);

    private PolicyCondition(PolicyCondition other, TextPattern[]? texts = null, double[]? numbers = null, AddressRange[]? ranges = null, bool[]? truths = null)
        : this(other._operator, other._key) => (_texts, _numbers, _ranges, _truths) = (texts ?? [], numbers ?? [], ranges ?? [], truths ?? []);

    private delegate bool Parser<T>(string text, out T value);

    /// <summary>Null where a value is not of the operator's kind.</summary>
    public static PolicyCondition? Parse(ConditionOperator conditionOperator, string key, string[] values, bool hasVariables)
    {
        var condition = new PolicyCondition(conditionOperator, ConditionKeys.Parse(key));
        switch (conditionOperator.Test)
        {
            case ConditionTest.TextEquals or ConditionTest.TextEqualsIgnoringCase or ConditionTest.TextLike or ConditionTest.Arn:
                bool hasStars = conditionOperator.Test is ConditionTest.TextLike or ConditionTest.Arn;
                return All(values, (string text, out TextPattern value) => TextPattern.TryParse(text, hasStars, hasVariables, out value)) is { } texts
                    ? new PolicyCondition(condition, texts: texts)
                    : null;
            case ConditionTest.Truth or ConditionTest.Absence:
                return All(values, (string text, out bool value) => bool.TryParse(text, out value)) is { } truths ? new PolicyCondition(condition, truths: truths) : null;
            case ConditionTest.Address:
                return All<AddressRange>(values, AddressRange.TryParse) is { } ranges ? new PolicyCondition(condition, ranges: ranges) : null;
            default:
                bool isDate = conditionOperator.IsDate;
                return All(values, (string text, out double value) => ConditionValue.TryReadNumber(text, isDate, out value)) is { } numbers
                    ? new PolicyCondition(condition, numbers: numbers)
                    : null;
        }
    }

    public bool Holds(in PolicyRequest request)
    {
        bool isPresent = ConditionKeys.IsPresent(_key, request);
        if (_operator.Test == ConditionTest.Absence)
            return _truths.AsSpan().Contains(!isPresent);
        return isPresent ? Fits(request) != _operator.IsNegated : _operator.HoldsWithoutKey;
    }

    private static T[]? All<T>(string[] texts, Parser<T> parse)
    {
        var values = new T[texts.Length];
        for (int i = 0; i < texts.Length; i++)
        {
            if (!parse(texts[i], out values[i]))
                return null;
        }
        return values;
    }

    private bool Fits(in PolicyRequest request) => _operator.Test switch
    {
        ConditionTest.TextEquals or ConditionTest.TextEqualsIgnoringCase or ConditionTest.TextLike or ConditionTest.Arn =>
            FitsText(ConditionKeys.Text(_key, request)!, request),
        ConditionTest.Truth => bool.TryParse(ConditionKeys.Text(_key, request), out bool truth) && _truths.AsSpan().Contains(truth),
        ConditionTest.Address => ConditionKeys.Address(_key, request) is { } address && FitsAddress(address),
        ConditionTest.NumberEquals or ConditionTest.NumberLess or ConditionTest.NumberLessOrEqual or ConditionTest.NumberGreater or ConditionTest.NumberGreaterOrEqual =>
            ConditionKeys.Number(_key, request, _operator.IsDate) is { } number && FitsNumber(number),
        ConditionTest.Absence => false,
    };

    private bool FitsText(string text, in PolicyRequest request)
    {
        foreach (TextPattern pattern in _texts)
        {
            bool fits = _operator.Test == ConditionTest.Arn
                ? pattern.MatchesArn(text, request)
                : pattern.Matches(text, request, ignoreCase: _operator.Test == ConditionTest.TextEqualsIgnoringCase);
            if (fits)
                return true;
        }
        return false;
    }

    private bool FitsAddress(IPAddress address)
    {
        foreach (AddressRange range in _ranges)
        {
            if (range.Contains(address))
                return true;
        }
        return false;
    }

    private bool FitsNumber(double number)
    {
        foreach (double value in _numbers)
        {
            bool fits = _operator.Test switch
            {
                ConditionTest.NumberLess => number < value,
                ConditionTest.NumberLessOrEqual => number <= value,
                ConditionTest.NumberGreater => number > value,
                ConditionTest.NumberGreaterOrEqual => number >= value,
                _ => number == value,
            };
            if (fits)
                return true;
        }
        return false;
    }
}
