using System.Text.Json;

namespace Messaging.Broker.Filters;

/// <summary>Reads the list of values of one key. Used once, by one thread.</summary>
internal sealed class ConditionReader(ValueBudget budget)
{
    private readonly HashSet<string> _texts = new(StringComparer.Ordinal);
    private readonly SortedSet<decimal> _numbers = [];
    private readonly List<IValueTest> _tests = [];
    private bool _takesTrue;
    private bool _takesFalse;
    private bool _takesNull;
    private bool _takesAbsence;

    /// <summary>Null when it was read, or why not.</summary>
    public FilterRefusal? Read(JsonElement values)
    {
        int index = 0;
        foreach (JsonElement value in values.EnumerateArray())
        {
            if (budget.TakeValue() is { } excess)
                return excess;
            if (ReadValue(value) is { } refusal)
                return refusal.Within($"[{index}]");
            index++;
        }
        return index == 0 ? FilterRefusal.Malformed("Empty arrays are not allowed") : null;
    }

    public FilterCondition Build(int index, int keyIndex)
    {
        if (_texts.Count + _numbers.Count > 0 || _takesTrue || _takesFalse || _takesNull)
            _tests.Insert(0, new ExactTest(PlainValues.ToSet(_texts), [.. _numbers], _takesTrue, _takesFalse, _takesNull));
        return new FilterCondition(index, keyIndex, [.. _tests], _takesAbsence);
    }

    private FilterRefusal? ReadValue(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                _texts.Add(value.GetString()!);
                return null;
            case JsonValueKind.Number:
                if (!PlainValues.TryRead(value, out decimal number))
                    return FilterRefusal.Malformed($"Cannot compare number : {value.GetRawText()}");
                _numbers.Add(number);
                return null;
            case JsonValueKind.True:
                _takesTrue = true;
                return null;
            case JsonValueKind.False:
                _takesFalse = true;
                return null;
            case JsonValueKind.Null:
                _takesNull = true;
                return null;
            case JsonValueKind.Object:
                return ReadExpression(value);
            default:
                return FilterRefusal.Malformed("Match value must be String, number, true, false, or null");
        }
    }

    private FilterRefusal? ReadExpression(JsonElement expression)
    {
        using JsonElement.ObjectEnumerator members = expression.EnumerateObject().GetEnumerator();
        if (!members.MoveNext())
            return FilterRefusal.Malformed("Match expression name not found");
        JsonProperty member = members.Current;
        FilterRefusal? refusal = member.Name == FilterOperators.Exists
            ? ReadExists(member.Value)
            : new OperatorReader(budget).Read(member, _tests);
        if (refusal is not null)
            return refusal.Within(member.Name);
        return members.MoveNext() ? FilterRefusal.Malformed("Only one key allowed in match expression") : null;
    }

    private FilterRefusal? ReadExists(JsonElement operand)
    {
        switch (operand.ValueKind)
        {
            case JsonValueKind.True:
                _tests.Add(PresenceTest.Instance);
                return null;
            case JsonValueKind.False:
                _takesAbsence = true;
                return null;
            default:
                return FilterRefusal.Malformed("exists match pattern must be either true or false.");
        }
    }
}
