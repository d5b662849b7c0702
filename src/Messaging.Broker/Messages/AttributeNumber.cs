namespace Messaging.Broker.Messages;

/// <summary>
/// What a number attribute may be, kept as the text that the sender wrote: a decimal number of at most 38 significant digits between
/// 10^-128 and 10^126 (Amazon SQS Developer Guide, "Message attribute data types").
/// </summary>
public static class AttributeNumber
{
    private const int DigitsMax = 38;
    private const int ExponentMin = -128;
    private const int ExponentMax = 126;

    /// <summary>Whether the text is such a number.</summary>
    public static bool IsValid(ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> rest = SkipSign(text);
        int exponentAt = rest.IndexOfAny((byte)'e', (byte)'E');
        int exponent = 0;
        if (exponentAt >= 0 && !TryReadExponent(rest[(exponentAt + 1)..], out exponent))
        {
            return false;
        }

        return TryReadDigits(exponentAt < 0 ? rest : rest[..exponentAt], out int significant, out int magnitude)
            && significant <= DigitsMax
            && (significant == 0 || (magnitude + exponent >= ExponentMin && magnitude + exponent <= ExponentMax));
    }

    // Significant digits without leading and trailing zeros, and the power of ten of the first one.
    private static bool TryReadDigits(ReadOnlySpan<byte> digits, out int significant, out int magnitude)
    {
        (significant, magnitude) = (0, 0);
        int pointAt = digits.IndexOf((byte)'.');
        int wholeDigits = pointAt < 0 ? digits.Length : pointAt;
        int read = 0;
        int first = -1;
        int last = -1;
        for (int i = 0; i < digits.Length; i++)
        {
            if (i == pointAt)
            {
                continue;
            }

            if (!char.IsAsciiDigit((char)digits[i]))
            {
                return false;
            }

            if (digits[i] != '0')
            {
                first = first < 0 ? read : first;
                last = read;
            }

            read++;
        }

        if (first >= 0)
        {
            significant = last - first + 1;
            magnitude = wholeDigits - 1 - first;
        }

        return read > 0;
    }

    private static bool TryReadExponent(ReadOnlySpan<byte> text, out int exponent)
    {
        exponent = 0;
        ReadOnlySpan<byte> digits = SkipSign(text);
        if (digits.Length is 0 or > 4)
        {
            return false;
        }

        foreach (byte digit in digits)
        {
            if (!char.IsAsciiDigit((char)digit))
            {
                return false;
            }

            exponent = (exponent * 10) + (digit - '0');
        }

        exponent = text[0] == '-' ? -exponent : exponent;
        return true;
    }

    private static ReadOnlySpan<byte> SkipSign(ReadOnlySpan<byte> text) => text.Length > 0 && text[0] is (byte)'+' or (byte)'-' ? text[1..] : text;
}
