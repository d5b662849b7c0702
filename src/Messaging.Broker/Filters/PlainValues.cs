using System.Text;
using System.Text.Json;

namespace Messaging.Broker.Filters;

/// <summary>Plain values of a policy: texts and numbers. Pure.</summary>
internal static class PlainValues
{
    public static Utf8Set ToSet(HashSet<string> texts)
    {
        byte[][] bytes = new byte[texts.Count][];
        int count = 0;
        foreach (string text in texts)
            bytes[count++] = Encoding.UTF8.GetBytes(text);
        return new Utf8Set(bytes);
    }

    /// <summary>The number; false when it is beyond what a decimal holds.</summary>
    public static bool TryRead(JsonElement number, out decimal value) => FilterNumber.OfJson(Encoding.UTF8.GetBytes(number.GetRawText())).TryGet(out value);

    /// <summary>Whether it may be an operand of numeric or anything-but: SNS compares numbers of this range and accuracy only.</summary>
    public static bool IsOperand(decimal value) =>
        decimal.Abs(value) <= FilterLimits.NumberMax && decimal.Round(value, FilterLimits.NumberDecimalsMax) == value;
}
