using System.Text.Json;

namespace Messaging.Broker.Filters;

/// <summary>Reads the operand of anything-but: a text or number, a list of one kind of them, or an operator over a text or a list of texts. Used once, by one thread.</summary>
internal sealed class AnythingButReader(ValueBudget budget, OperatorReader operators)
{
    private readonly HashSet<string> _texts = new(StringComparer.Ordinal);
    private readonly SortedSet<decimal> _numbers = [];

    /// <summary>Null when its test was added, or why not.</summary>
    public FilterRefusal? Read(JsonElement operand, List<IValueTest> tests)
    {
        switch (operand.ValueKind)
        {
            case JsonValueKind.Object:
                return ReadOperator(operand, tests);
            case JsonValueKind.Array:
                if (ReadList(operand) is { } refusal)
                    return refusal;
                break;
            case JsonValueKind.String or JsonValueKind.Number:
                if (ReadPlain(operand) is { } single)
                    return single;
                break;
            default:
                return FilterRefusal.Malformed("Value of anything-but must be an array or single string/number value.");
        }
        tests.Add(new AnythingButTest([new ExactTest(PlainValues.ToSet(_texts), [.. _numbers], false, false, false)]));
        return null;
    }

    private FilterRefusal? ReadList(JsonElement list)
    {
        foreach (JsonElement value in list.EnumerateArray())
        {
            if (budget.TakeValue() is { } excess)
                return excess;
            if (value.ValueKind is not (JsonValueKind.String or JsonValueKind.Number))
                return FilterRefusal.Malformed("Inside anything but list, start|null|boolean is not supported.");
            if (ReadPlain(value) is { } refusal)
                return refusal;
        }
        return _texts.Count > 0 == _numbers.Count > 0
            ? FilterRefusal.Malformed("Inside anything but list, either all values are number or string, mixed type is not supported")
            : null;
    }

    private FilterRefusal? ReadPlain(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String)
        {
            _texts.Add(value.GetString()!);
            return null;
        }
        if (!PlainValues.TryRead(value, out decimal number) || !PlainValues.IsOperand(number))
            return FilterRefusal.Malformed(NumericReader.OutOfRange);
        _numbers.Add(number);
        return null;
    }

    private FilterRefusal? ReadOperator(JsonElement expression, List<IValueTest> tests)
    {
        using JsonElement.ObjectEnumerator members = expression.EnumerateObject().GetEnumerator();
        if (!members.MoveNext())
            return FilterRefusal.Malformed("Anything-But expression name not found");
        JsonProperty member = members.Current;
        if (member.Name is not (FilterOperators.Prefix or FilterOperators.Suffix or FilterOperators.IgnoreCase or FilterOperators.Wildcard))
            return FilterRefusal.Malformed($"Unsupported anything-but pattern: {member.Name}");
        var excluded = new List<IValueTest>();
        FilterRefusal? refusal = member.Value.ValueKind == JsonValueKind.Array
            ? ReadTexts(member, excluded)
            : ReadExcluded(member.Name, member.Value, excluded);
        if (refusal is not null)
            return refusal.Within(member.Name);
        if (members.MoveNext())
            return FilterRefusal.Malformed("Only one key allowed in match expression");
        tests.Add(new AnythingButTest([.. excluded]));
        return null;
    }

    private FilterRefusal? ReadTexts(JsonProperty member, List<IValueTest> excluded)
    {
        foreach (JsonElement value in member.Value.EnumerateArray())
        {
            if ((budget.TakeValue() ?? budget.TakePattern()) is { } excess)
                return excess;
            if (ReadExcluded(member.Name, value, excluded) is { } refusal)
                return refusal;
        }
        return excluded.Count == 0 ? FilterRefusal.Malformed("Empty arrays are not allowed") : null;
    }

    private FilterRefusal? ReadExcluded(string name, JsonElement value, List<IValueTest> excluded)
    {
        // Every text begins and ends with the empty one, so that the expression would match none.
        bool isAffix = name is FilterOperators.Prefix or FilterOperators.Suffix;
        if (isAffix && value.ValueKind == JsonValueKind.String && value.ValueEquals(""u8))
            return FilterRefusal.Malformed("Null prefix/suffix not allowed");
        return operators.ReadText(name, value, excluded);
    }
}
