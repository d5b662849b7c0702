namespace Messaging.Broker.Filters;

/// <summary>Whether a text is an address, of the same version, that shares the first <paramref name="bits"/> bits of <paramref name="address"/>.</summary>
internal sealed class CidrTest(byte[] address, int bits) : IValueTest
{
    private const int BitsOfByte = 8;

    public bool Matches(in Scalar value)
    {
        if (value.Kind != ScalarKind.Text)
            return false;
        Span<byte> bytes = stackalloc byte[AddressText.BytesMax];
        if (AddressText.Parse(value.Text, bytes) != address.Length)
            return false;
        int whole = bits / BitsOfByte;
        if (!bytes[..whole].SequenceEqual(address.AsSpan(0, whole)))
            return false;
        int rest = bits % BitsOfByte;
        return rest == 0 || ((bytes[whole] ^ address[whole]) >> (BitsOfByte - rest)) == 0;
    }
}
