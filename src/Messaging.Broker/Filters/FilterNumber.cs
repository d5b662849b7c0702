using System.Globalization;
using Messaging.Broker.Messages;

namespace Messaging.Broker.Filters;

/// <summary>
/// A number of a message: exact to 28 digits, or known only to be beyond what a decimal holds, on one side. A value. SNS promises five digits behind the point;
/// more are compared too.
/// </summary>
internal readonly struct FilterNumber
{
    private const NumberStyles Styles = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    private readonly decimal _value;

    // -1 or 1 beyond the decimals; 0 within.
    private readonly int _beyond;

    private FilterNumber(decimal value, int beyond) => (_value, _beyond) = (value, beyond);

    /// <summary>A number of JSON, which a reader has checked.</summary>
    public static FilterNumber OfJson(ReadOnlySpan<byte> digits) =>
        decimal.TryParse(digits, Styles, CultureInfo.InvariantCulture, out decimal value)
            ? new FilterNumber(value, 0)
            : new FilterNumber(0, digits[0] == '-' ? -1 : 1);

    /// <summary>The value of a number attribute; false when it is none.</summary>
    public static bool TryParse(ReadOnlySpan<byte> digits, out FilterNumber number)
    {
        bool isNumber = AttributeNumber.IsValid(digits);
        number = isNumber ? OfJson(digits) : default;
        return isNumber;
    }

    /// <summary>The decimal; false when it is beyond them.</summary>
    public bool TryGet(out decimal value)
    {
        value = _value;
        return _beyond == 0;
    }

    public int CompareTo(decimal other) => _beyond != 0 ? _beyond : _value.CompareTo(other);
}
