using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Messaging.Broker.Filters;

/// <summary>Reads one match expression other than exists: {"prefix": "auto-"}. Used once, by one thread.</summary>
internal sealed class OperatorReader(ValueBudget budget)
{
    private const int AddressBits4 = 32;
    private const int AddressBits6 = 128;

    /// <summary>Null when its test was added, or why not.</summary>
    public FilterRefusal? Read(JsonProperty member, List<IValueTest> tests)
    {
        if (budget.TakePattern() is { } excess)
            return excess;
        return member.Name switch
        {
            FilterOperators.Prefix or FilterOperators.Suffix or FilterOperators.IgnoreCase or FilterOperators.Wildcard =>
                ReadText(member.Name, member.Value, tests),
            FilterOperators.Cidr => ReadCidr(member.Value, tests),
            FilterOperators.Numeric => new NumericReader().Read(member.Value, tests),
            FilterOperators.AnythingBut => new AnythingButReader(budget, this).Read(member.Value, tests),
            _ => FilterRefusal.Malformed($"Unrecognized match type {member.Name}"),
        };
    }

    /// <summary>The operators whose operand is a text, which anything-but takes too.</summary>
    public FilterRefusal? ReadText(string name, JsonElement operand, List<IValueTest> tests)
    {
        if (operand.ValueKind != JsonValueKind.String)
            return FilterRefusal.Malformed($"{name} match pattern must be a string");
        string text = operand.GetString()!;
        if (name == FilterOperators.Wildcard)
            return ReadWildcard(text, tests);
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        tests.Add(name == FilterOperators.IgnoreCase ? new IgnoreCaseTest(bytes) : new AffixTest(bytes, atEnd: name == FilterOperators.Suffix));
        return null;
    }

    private FilterRefusal? ReadWildcard(string pattern, List<IValueTest> tests)
    {
        if (WildcardPattern.Parse(pattern, out byte[][] pieces) is { } reason)
            return FilterRefusal.Malformed(reason);
        if (budget.TakeStars(pieces.Length - 1) is { } excess)
            return excess;
        tests.Add(new WildcardTest(pieces));
        return null;
    }

    private static FilterRefusal? ReadCidr(JsonElement operand, List<IValueTest> tests)
    {
        if (operand.ValueKind != JsonValueKind.String)
            return FilterRefusal.Malformed("cidr match pattern must be a string");
        string[] parts = operand.GetString()!.Split('/');
        if (parts.Length != 2)
            return FilterRefusal.Malformed("Malformed CIDR, one '/' required");
        if (!int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int bits))
            return FilterRefusal.Malformed("Malformed CIDR, mask bits must be an integer");
        byte[] address = new byte[AddressText.BytesMax];
        int bytes = AddressText.Parse(Encoding.UTF8.GetBytes(parts[0]), address);
        if (bytes == 0)
            return FilterRefusal.Malformed($"Nonstandard IP address: {parts[0]}");
        // The service refuses a mask of all bits, which is a range of one address and does no harm.
        int bitsMax = bytes == AddressText.BytesMax ? AddressBits6 : AddressBits4;
        if (bits > bitsMax)
            return FilterRefusal.Malformed($"Malformed CIDR, mask bits must be at most {bitsMax}");
        tests.Add(new CidrTest(address[..bytes], bits));
        return null;
    }
}
