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
    public FilterRefusal? Read(JsonProperty member, string place, List<IValueTest> tests)
    {
        place = $"{place}.{member.Name}";
        if (budget.TakePattern() is { } excess)
            return new FilterRefusal(FilterRefusalKind.LimitExceeded, excess, place);
        return member.Name switch
        {
            FilterOperators.Prefix or FilterOperators.Suffix or FilterOperators.IgnoreCase or FilterOperators.Wildcard =>
                ReadText(member.Name, member.Value, place, tests),
            FilterOperators.Cidr => ReadCidr(member.Value, place, tests),
            FilterOperators.Numeric => new NumericReader(place).Read(member.Value, tests),
            FilterOperators.AnythingBut => new AnythingButReader(budget, this).Read(member.Value, place, tests),
            _ => Malformed($"Unrecognized match type {member.Name}", place),
        };
    }

    /// <summary>The operators whose operand is a text, which anything-but takes too.</summary>
    public FilterRefusal? ReadText(string name, JsonElement operand, string place, List<IValueTest> tests)
    {
        if (operand.ValueKind != JsonValueKind.String)
            return Malformed($"{name} match pattern must be a string", place);
        string text = operand.GetString()!;
        if (name == FilterOperators.Wildcard)
            return ReadWildcard(text, place, tests);
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        tests.Add(name == FilterOperators.IgnoreCase ? new IgnoreCaseTest(bytes) : new AffixTest(bytes, atEnd: name == FilterOperators.Suffix));
        return null;
    }

    private FilterRefusal? ReadWildcard(string pattern, string place, List<IValueTest> tests)
    {
        if (WildcardPattern.Parse(pattern, out byte[][] pieces) is { } reason)
            return Malformed(reason, place);
        if (budget.TakeStars(pieces.Length - 1) is { } excess)
            return new FilterRefusal(FilterRefusalKind.LimitExceeded, excess, place);
        tests.Add(new WildcardTest(pieces));
        return null;
    }

    private static FilterRefusal? ReadCidr(JsonElement operand, string place, List<IValueTest> tests)
    {
        if (operand.ValueKind != JsonValueKind.String)
            return Malformed("cidr match pattern must be a string", place);
        string[] parts = operand.GetString()!.Split('/');
        if (parts.Length != 2)
            return Malformed("Malformed CIDR, one '/' required", place);
        if (!int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int bits))
            return Malformed("Malformed CIDR, mask bits must be an integer", place);
        byte[] address = new byte[AddressText.BytesMax];
        int bytes = AddressText.Parse(Encoding.UTF8.GetBytes(parts[0]), address);
        if (bytes == 0)
            return Malformed($"Nonstandard IP address: {parts[0]}", place);
        // The service refuses a mask of all bits, which is a range of one address and does no harm.
        int bitsMax = bytes == AddressText.BytesMax ? AddressBits6 : AddressBits4;
        if (bits > bitsMax)
            return Malformed($"Malformed CIDR, mask bits must be at most {bitsMax}", place);
        tests.Add(new CidrTest(address[..bytes], bits));
        return null;
    }

    private static FilterRefusal Malformed(string reason, string place) => new(FilterRefusalKind.Malformed, reason, place);
}
