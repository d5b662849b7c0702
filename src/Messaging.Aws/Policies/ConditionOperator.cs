using System.Collections.Frozen;

namespace Messaging.Aws.Policies;

/// <summary>
/// A condition's operator, such as <c>StringNotLike</c>, <c>DateLessThanIfExists</c> or <c>ForAllValues:StringEquals</c>. A value. Every key here has one value at
/// most, so that all or any of its values is that one, and the prefixes only say what holds without it.
/// Source: IAM User Guide, "IAM JSON policy elements: Condition operators".
/// </summary>
/// <param name="Test">What is compared and how.</param>
/// <param name="IsDate">The numbers are times.</param>
/// <param name="IsNegated">It holds where the test does not.</param>
/// <param name="HoldsWithoutKey">Whether it holds for a request that has no value for the key.</param>
internal readonly record struct ConditionOperator(ConditionTest Test, bool IsDate, bool IsNegated, bool HoldsWithoutKey)
{
    private const string ForAllValues = "ForAllValues:";
    private const string ForAnyValue = "ForAnyValue:";
    private const string IfExists = "IfExists";

    private static readonly FrozenDictionary<string, ConditionOperator> ByName = new Dictionary<string, ConditionOperator>
    {
        ["StringEquals"] = Plain(ConditionTest.TextEquals),
        ["StringNotEquals"] = Negated(ConditionTest.TextEquals),
        ["StringEqualsIgnoreCase"] = Plain(ConditionTest.TextEqualsIgnoringCase),
        ["StringNotEqualsIgnoreCase"] = Negated(ConditionTest.TextEqualsIgnoringCase),
        ["StringLike"] = Plain(ConditionTest.TextLike),
        ["StringNotLike"] = Negated(ConditionTest.TextLike),
        ["NumericEquals"] = Plain(ConditionTest.NumberEquals),
        ["NumericNotEquals"] = Negated(ConditionTest.NumberEquals),
        ["NumericLessThan"] = Plain(ConditionTest.NumberLess),
        ["NumericLessThanEquals"] = Plain(ConditionTest.NumberLessOrEqual),
        ["NumericGreaterThan"] = Plain(ConditionTest.NumberGreater),
        ["NumericGreaterThanEquals"] = Plain(ConditionTest.NumberGreaterOrEqual),
        ["DateEquals"] = Plain(ConditionTest.NumberEquals, isDate: true),
        ["DateNotEquals"] = Negated(ConditionTest.NumberEquals, isDate: true),
        ["DateLessThan"] = Plain(ConditionTest.NumberLess, isDate: true),
        ["DateLessThanEquals"] = Plain(ConditionTest.NumberLessOrEqual, isDate: true),
        ["DateGreaterThan"] = Plain(ConditionTest.NumberGreater, isDate: true),
        ["DateGreaterThanEquals"] = Plain(ConditionTest.NumberGreaterOrEqual, isDate: true),
        ["Bool"] = Plain(ConditionTest.Truth),
        ["IpAddress"] = Plain(ConditionTest.Address),
        ["NotIpAddress"] = Negated(ConditionTest.Address),
        // Both take stars.
        ["ArnEquals"] = Plain(ConditionTest.Arn),
        ["ArnLike"] = Plain(ConditionTest.Arn),
        ["ArnNotEquals"] = Negated(ConditionTest.Arn),
        ["ArnNotLike"] = Negated(ConditionTest.Arn),
        ["Null"] = Plain(ConditionTest.Absence),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static bool TryParse(string text, out ConditionOperator value)
    {
        bool forAll = text.StartsWith(ForAllValues, StringComparison.Ordinal);
        bool forAny = text.StartsWith(ForAnyValue, StringComparison.Ordinal);
        bool ifExists = text.EndsWith(IfExists, StringComparison.Ordinal);
        int start = forAll ? ForAllValues.Length : forAny ? ForAnyValue.Length : 0;
        int end = ifExists ? text.Length - IfExists.Length : text.Length;
        if (start > end || !ByName.TryGetValue(text[start..end], out value))
        {
            value = default;
            return false;
        }
        if (forAll || forAny || ifExists)
            value = value with { HoldsWithoutKey = ifExists || forAll };
        // It asks for nothing else.
        return value.Test != ConditionTest.Absence || start + text.Length - end == 0;
    }

    private static ConditionOperator Plain(ConditionTest test, bool isDate = false) => new(test, isDate, IsNegated: false, HoldsWithoutKey: false);

    // A value that is not there is not equal to any.
    private static ConditionOperator Negated(ConditionTest test, bool isDate = false) => new(test, isDate, IsNegated: true, HoldsWithoutKey: true);
}
