using System.Text.Json;

namespace Messaging.Broker.Filters;

/// <summary>Reads the operand of numeric: [">=", 10], or a range [">", 0, "&lt;=", 100], bottom first. Used once, by one thread.</summary>
internal sealed class NumericReader
{
    public const string OutOfRange = "Value must be between -1000000000 and 1000000000, with at most 5 digits behind the point";

    private decimal _value;

    /// <summary>Null when its test was added, or why not.</summary>
    public FilterRefusal? Read(JsonElement operand, List<IValueTest> tests)
    {
        if (operand.ValueKind != JsonValueKind.Array)
            return FilterRefusal.Malformed("Value of numeric must be an array.");
        int count = operand.GetArrayLength();
        if (count == 0)
            return FilterRefusal.Malformed("Invalid member in numeric match: ]");
        if (operand[0].ValueKind != JsonValueKind.String)
            return FilterRefusal.Malformed($"Invalid member in numeric match: {operand[0].GetRawText()}");
        string relation = operand[0].GetString()!;
        if (relation is not ("=" or "<" or "<=" or ">" or ">="))
            return FilterRefusal.Malformed($"Unrecognized numeric range operator: {relation}");
        if (ReadNumber(operand, 1, relation == "=" ? "equals" : relation) is { } refusal)
            return refusal;
        decimal value = _value;
        if (count > 2)
            return relation is ">" or ">=" ? ReadTop(operand, value, relation == ">=", tests) : FilterRefusal.Malformed("Too many elements in numeric expression");
        tests.Add(relation switch
        {
            "=" => new NumericTest(value, true, value, true),
            ">" or ">=" => new NumericTest(value, relation == ">=", null, false),
            _ => new NumericTest(null, false, value, relation == "<="),
        });
        return null;
    }

    private FilterRefusal? ReadTop(JsonElement operand, decimal bottom, bool takesBottom, List<IValueTest> tests)
    {
        if (operand[2].ValueKind != JsonValueKind.String)
            return FilterRefusal.Malformed($"Bad value in numeric range: {operand[2].GetRawText()}");
        string relation = operand[2].GetString()!;
        if (relation is not ("<" or "<="))
            return FilterRefusal.Malformed($"Bad numeric range operator: {relation}");
        if (ReadNumber(operand, 3, relation) is { } refusal)
            return refusal;
        if (operand.GetArrayLength() > 4)
            return FilterRefusal.Malformed("Too many terms in numeric range expression");
        if (_value <= bottom)
            return FilterRefusal.Malformed("Bottom must be less than top");
        tests.Add(new NumericTest(bottom, takesBottom, _value, relation == "<="));
        return null;
    }

    private FilterRefusal? ReadNumber(JsonElement operand, int index, string relation)
    {
        if (index >= operand.GetArrayLength() || operand[index].ValueKind != JsonValueKind.Number)
            return FilterRefusal.Malformed($"Value of {relation} must be numeric");
        return PlainValues.TryRead(operand[index], out _value) && PlainValues.IsOperand(_value) ? null : FilterRefusal.Malformed(OutOfRange);
    }
}
