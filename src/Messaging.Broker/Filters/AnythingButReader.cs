using System.Text.Json;

namespace Messaging.Broker.Filters;

/// <summary>Reads the operand of anything-but: a text or number, a list of one kind of them, or an operator over a text or a list of texts. Used once, by one thread.</summary>
internal sealed class AnythingButReader(ValueBudget budget, OperatorReader operators)
{
    private readonly HashSet<string> _texts = new(StringComparer.Ordinal);
    private readonly SortedSet<decimal> _numbers = [];

    /// <summary>Null when its test was added, or why not.</summary>
    public FilterRefusal? Read(JsonElement operand, string place, List<IValueTest> tests)
    {
        switch (operand.ValueKind)
        {
            case JsonValueKind.Object:
                return ReadOperator(operand, place, tests);
            case JsonValueKind.Array:
                if (ReadList(operand, place) is { } refusal)
                    return refusal;
                break;
            case JsonValueKind.String or JsonValueKind.Number:
                if (ReadPlain(operand, place) is { } single)
                    return single;
                break;
            default:
                return Malformed("Value of anything-but must be an array or single string/number value.", place);
        }
        tests.Add(new AnythingButTest([new ExactTest(PlainValues.ToSet(_texts), [.. _numbers], false, false, false)]));
        return null;
    }

    private FilterRefusal? ReadList(JsonElement list, string place)
    {
        foreach (JsonElement value in list.EnumerateArray())
        {
            if (budget.TakeValue() is { } excess)
                return new FilterRefusal(FilterRefusalKind.LimitExceeded, excess, place);
            if (value.ValueKind is not (JsonValueKind.String or JsonValueKind.Number))
                return Malformed("Inside anything but list, start|null|boolean is not supported.", place);
            if (ReadPlain(value, place) is { } refusal)
                return refusal;
        }
        return _texts.Count > 0 == _numbers.Count > 0
            ? Malformed("Inside anything but list, either all values are number or string, mixed type is not supported", place)
            : null;
    }

    private FilterRefusal? ReadPlain(JsonElement value, string place)
    {
        if (value.ValueKind == JsonValueKind.String)
        {
            _texts.Add(value.GetString()!);
            return null;
        }
        if (!PlainValues.TryRead(value, out decimal number) || !PlainValues.IsOperand(number))
            return Malformed(NumericReader.OutOfRange, place);
        _numbers.Add(number);
        return null;
    }

    private FilterRefusal? ReadOperator(JsonElement expression, string place, List<IValueTest> tests)
    {
        using JsonElement.ObjectEnumerator members = expression.EnumerateObject().GetEnumerator();
        if (!members.MoveNext())
            return Malformed("Anything-But expression name not found", place);
        JsonProperty member = members.Current;
        if (member.Name is not (FilterOperators.Prefix or FilterOperators.Suffix or FilterOperators.IgnoreCase or FilterOperators.Wildcard))
            return Malformed($"Unsupported anything-but pattern: {member.Name}", place);
        place = $"{place}.{member.Name}";
        var excluded = new List<IValueTest>();
        FilterRefusal? refusal = member.Value.ValueKind == JsonValueKind.Array
            ? ReadTexts(member, place, excluded)
            : ReadExcluded(member.Name, member.Value, place, excluded);
        if (refusal is not null)
            return refusal;
        if (members.MoveNext())
            return Malformed("Only one key allowed in match expression", place);
        tests.Add(new AnythingButTest([.. excluded]));
        return null;
    }

    private FilterRefusal? ReadTexts(JsonProperty member, string place, List<IValueTest> excluded)
    {
        foreach (JsonElement value in member.Value.EnumerateArray())
        {
            if ((budget.TakeValue() ?? budget.TakePattern()) is { } excess)
                return new FilterRefusal(FilterRefusalKind.LimitExceeded, excess, place);
            if (ReadExcluded(member.Name, value, place, excluded) is { } refusal)
                return refusal;
        }
        return excluded.Count == 0 ? Malformed("Empty arrays are not allowed", place) : null;
    }

    private FilterRefusal? ReadExcluded(string name, JsonElement value, string place, List<IValueTest> excluded)
    {
        // Every text begins and ends with the empty one, so that the expression would match none.
        bool isAffix = name is FilterOperators.Prefix or FilterOperators.Suffix;
        if (isAffix && value.ValueKind == JsonValueKind.String && value.ValueEquals(""u8))
            return Malformed("Null prefix/suffix not allowed", place);
        return operators.ReadText(name, value, place, excluded);
    }

    private static FilterRefusal Malformed(string reason, string place) => new(FilterRefusalKind.Malformed, reason, place);
}
