namespace Messaging.Aws.Wire;

/// <summary>Percent-encoding as forms have it: a plus is a space. Pure.</summary>
internal static class FormEncoding
{
    /// <summary>False for a percent sign without two hexadecimal digits. The result is never longer.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> encoded, Span<byte> plain, out int written)
    {
        written = 0;
        for (int index = 0; index < encoded.Length; index++)
        {
            byte one = encoded[index];
            if (one == '%')
            {
                if (index + 2 >= encoded.Length || !char.IsAsciiHexDigit((char)encoded[index + 1]) || !char.IsAsciiHexDigit((char)encoded[index + 2]))
                    return false;
                one = (byte)((Digit(encoded[index + 1]) << 4) | Digit(encoded[index + 2]));
                index += 2;
            }
            else if (one == '+')
            {
                one = (byte)' ';
            }
            plain[written++] = one;
        }
        return true;
    }

    private static int Digit(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
