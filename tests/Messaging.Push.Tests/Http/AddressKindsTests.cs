using System.Net;
using Messaging.Push.Http;

namespace Messaging.Push.Tests.Http;

public sealed class AddressKindsTests
{
    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("9.255.255.255")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.0")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("192.0.1.0")]
    [InlineData("198.17.255.255")]
    [InlineData("198.20.0.0")]
    [InlineData("223.255.255.255")]
    [InlineData("2606:4700::1111")]
    [InlineData("2001:200::1")]
    [InlineData("2001:4860:4860::8888")]
    [InlineData("::ffff:1.1.1.1")]
    [InlineData("64:ff9b::1.1.1.1")]
    [InlineData("2002:101:101::1")]
    public void What_everybody_reaches_is_public(string address) => Assert.Equal(AddressKind.Public, Kind(address));

    [Theory]
    [InlineData("10.0.0.0")]
    [InlineData("10.255.255.255")]
    [InlineData("100.64.0.1")]
    [InlineData("100.127.255.255")]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.254")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.0.2.1")]
    [InlineData("192.88.99.1")]
    [InlineData("192.168.1.1")]
    [InlineData("198.18.0.1")]
    [InlineData("198.19.255.255")]
    [InlineData("198.51.100.1")]
    [InlineData("203.0.113.1")]
    [InlineData("::1")]
    [InlineData("2001:db8::1")]
    [InlineData("3fff::1")]
    [InlineData("fc00::1")]
    [InlineData("fdff:ffff::1")]
    [InlineData("fe80::1")]
    [InlineData("fe80::1%1")]
    [InlineData("febf::1")]
    [InlineData("fec0::1")]
    [InlineData("64:ff9b:1::1.1.1.1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("64:ff9b::192.168.0.1")]
    [InlineData("2002:7f00:1::1")]
    [InlineData("2002:a00:1::")]
    [InlineData("2606:4700::5efe:10.0.0.1")]
    [InlineData("2606:4700::200:5efe:10.0.0.1")]
    public void What_not_everybody_reaches_is_private_also_inside_of_another_address(string address) => Assert.Equal(AddressKind.Private, Kind(address));

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("0.1.2.3")]
    [InlineData("100.100.100.200")]
    [InlineData("168.63.129.16")]
    [InlineData("169.254.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("169.254.170.2")]
    [InlineData("192.0.0.192")]
    [InlineData("224.0.0.1")]
    [InlineData("239.255.255.255")]
    [InlineData("240.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::2")]
    [InlineData("::127.0.0.1")]
    [InlineData("::ffff:0:127.0.0.1")]
    [InlineData("ff02::1")]
    [InlineData("100::1")]
    [InlineData("4000::1")]
    [InlineData("5f00::1")]
    [InlineData("2001::1")]
    [InlineData("2001:0:101:101::1")]
    [InlineData("2001:2::1")]
    [InlineData("2001:20::1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("fd20:ce::254")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("64:ff9b::169.254.169.254")]
    [InlineData("64:ff9b:1::169.254.169.254")]
    [InlineData("2002:a9fe:a9fe::1")]
    [InlineData("2606:4700::5efe:169.254.169.254")]
    [InlineData("fe80::5efe:169.254.169.254")]
    public void What_is_no_endpoint_for_anybody_is_never_one(string address) => Assert.Equal(AddressKind.Never, Kind(address));

    [Fact]
    public void A_guard_allows_private_networks_only_where_it_is_told_to()
    {
        foreach ((string address, bool allowed, bool allowedThen) in new[] { ("1.1.1.1", true, true), ("10.0.0.1", false, true), ("169.254.169.254", false, false) })
        {
            Assert.Equal(allowed, new EndpointGuard(allowPrivateNetworks: false).Allows(IPAddress.Parse(address)));
            Assert.Equal(allowedThen, new EndpointGuard(allowPrivateNetworks: true).Allows(IPAddress.Parse(address)));
        }
    }

    private static AddressKind Kind(string address) => AddressKinds.Of(IPAddress.Parse(address));
}
