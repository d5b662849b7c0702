using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Messaging.Push.Http;

/// <summary>
/// Which kind an address is (IANA's registries of special-purpose addresses of IPv4 and IPv6). Of IPv6 only 2000::/3 is anybody's, so what is not listed is refused. An IPv4 address inside of an IPv6 one counts:
/// a translator or tunnel on the way would go there. Pure.
/// </summary>
internal static class AddressKinds
{
    private static readonly IPNetwork[] NeverNetworks = Parse(
        "0.0.0.0/8", // "this network": Linux goes to itself
        "100.100.100.200/32", // metadata of Alibaba's cloud
        "168.63.129.16/32", // metadata of Azure
        "169.254.0.0/16", // link-local: metadata of nearly all clouds
        "192.0.0.0/24", // protocol assignments; metadata of Oracle's cloud
        "224.0.0.0/4", // multicast
        "240.0.0.0/4", // reserved, and broadcast
        "2001::/23", // protocol assignments: Teredo, ORCHID, benchmarks
        "fd00:ec2::/32", // metadata of Amazon's cloud
        "fd20:ce::/32"); // metadata of Google's cloud

    private static readonly IPNetwork[] PrivateNetworks = Parse(
        "10.0.0.0/8",
        "100.64.0.0/10", // shared by the customers of a carrier
        "127.0.0.0/8",
        "172.16.0.0/12",
        "192.0.2.0/24", // documentation
        "192.88.99.0/24", // relays of 6to4
        "192.168.0.0/16",
        "198.18.0.0/15", // benchmarks
        "198.51.100.0/24", // documentation
        "203.0.113.0/24", // documentation
        "::1/128",
        "2001:db8::/32", // documentation
        "3fff::/20", // documentation
        "fc00::/7",
        "fe80::/10",
        "fec0::/10"); // site-local, of old

    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");
    private static readonly IPNetwork LocalNat64 = IPNetwork.Parse("64:ff9b:1::/48");
    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");

    // Where the IPv4 address is: at the end, or behind the prefix of 6to4 (RFC 3056, section 2).
    private const int LastFour = 12, SixToFourPlace = 2;

    // The interface identifier of ISATAP, without its bit for "universal" (RFC 5214, section 6.1).
    private const int InterfacePlace = 8;
    private const uint Isatap = 0x0000_5EFE, UniversalBit = 0x0200_0000;

    public static AddressKind Of(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetwork) return Listed(address, AddressKind.Public);
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);

        // A scope is no part of what networks are compared by.
        var plain = new IPAddress(bytes);
        if (plain.IsIPv4MappedToIPv6) return Inside(bytes, LastFour);
        if (Nat64.Contains(plain)) return Inside(bytes, LastFour);
        if (LocalNat64.Contains(plain)) return Higher(AddressKind.Private, Inside(bytes, LastFour));
        AddressKind kind = Listed(plain, GlobalUnicast.Contains(plain) ? AddressKind.Public : AddressKind.Never);
        if (SixToFour.Contains(plain)) return Higher(kind, Inside(bytes, SixToFourPlace));
        uint head = BinaryPrimitives.ReadUInt32BigEndian(bytes[InterfacePlace..]);
        return (head & ~UniversalBit) == Isatap ? Higher(kind, Inside(bytes, LastFour)) : kind;
    }

    private static AddressKind Listed(IPAddress address, AddressKind otherwise)
    {
        foreach (IPNetwork network in NeverNetworks)
        {
            if (network.Contains(address)) return AddressKind.Never;
        }

        foreach (IPNetwork network in PrivateNetworks)
        {
            if (network.Contains(address)) return AddressKind.Private;
        }

        return otherwise;
    }

    private static AddressKind Inside(ReadOnlySpan<byte> bytes, int place) => Listed(new IPAddress(bytes.Slice(place, 4)), AddressKind.Public);

    private static AddressKind Higher(AddressKind one, AddressKind other) => one > other ? one : other;

    private static IPNetwork[] Parse(params ReadOnlySpan<string> networks)
    {
        var parsed = new IPNetwork[networks.Length];
        for (int index = 0; index < networks.Length; index++) parsed[index] = IPNetwork.Parse(networks[index]);
        return parsed;
    }
}
