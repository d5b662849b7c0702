using System.Globalization;
using System.Net;

namespace Messaging.Aws.Policies;

/// <summary>Addresses that share their first bits, such as <c>203.0.113.0/24</c>; one address alone shares all. A value.</summary>
internal readonly record struct AddressRange
{
    private const int AddressBytesMax = 16;
    private const int BitsOfByte = 8;
    private const int DotsOfVersion4 = 3;

    private readonly IPAddress _address;
    private readonly int _bits;

    private AddressRange(IPAddress address, int bits) => (_address, _bits) = (address, bits);

    public static bool TryParse(string text, out AddressRange range)
    {
        range = default;
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        ReadOnlySpan<char> start = slash < 0 ? text : text.AsSpan(0, slash);
        // 10.1 would be an address too, and not the one that is meant.
        if (!IPAddress.TryParse(start, out IPAddress? address) || (!start.Contains(':') && start.Count('.') != DotsOfVersion4) || start.Contains('%'))
            return false;
        int bitsMax = address.GetAddressBytes().Length * BitsOfByte;
        int bits = bitsMax;
        if (slash >= 0 && (!int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out bits) || bits > bitsMax))
            return false;
        range = new AddressRange(address, bits);
        return true;
    }

    public bool Contains(IPAddress other)
    {
        if (other.AddressFamily != _address.AddressFamily)
            return false;
        Span<byte> mine = stackalloc byte[AddressBytesMax];
        Span<byte> theirs = stackalloc byte[AddressBytesMax];
        _address.TryWriteBytes(mine, out _);
        other.TryWriteBytes(theirs, out _);
        int whole = _bits / BitsOfByte;
        if (!mine[..whole].SequenceEqual(theirs[..whole]))
            return false;
        int rest = _bits % BitsOfByte;
        return rest == 0 || ((mine[whole] ^ theirs[whole]) >> (BitsOfByte - rest)) == 0;
    }
}
