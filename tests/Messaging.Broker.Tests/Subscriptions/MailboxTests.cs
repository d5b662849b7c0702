using Messaging.Broker.Subscriptions;
using Messaging.Broker.Subscriptions.Delivery;

namespace Messaging.Broker.Tests.Subscriptions;

public sealed class MailboxTests
{
    [Theory]
    [InlineData("you@example.org")]
    [InlineData("a.b+c_d=e@sub.example.org")]
    [InlineData("o'hara!#$%&*/?^`{|}~-@x")]
    [InlineData("grüße@bücher.example")]
    [InlineData("root@[127.0.0.1]")]
    [InlineData("root@[IPv6:2001:db8::1]")]
    public void These_are_mailboxes(string address) => Assert.True(Mailbox.IsLegal(address));

    [Theory]
    [InlineData("")]
    [InlineData("@")]
    [InlineData("a")]
    [InlineData("a@")]
    [InlineData("@b.c")]
    [InlineData("a@@b")]
    [InlineData("a@b@c")]
    [InlineData("<a@b.c>")]
    [InlineData("Me <a@b.c>")]
    [InlineData("a,b@c.d")]
    [InlineData("a@b.c,d@e.f")]
    [InlineData("a@b..c")]
    [InlineData("a@b.")]
    [InlineData(".a@b.c")]
    [InlineData("a.@b.c")]
    [InlineData("a..b@c")]
    [InlineData("a b@c.d")]
    [InlineData("a@b c")]
    [InlineData("a@b_c")]
    [InlineData("a@[]")]
    [InlineData("a@[x;y]")]
    [InlineData("a@b\r\nRCPT TO:<c@d>")]
    [InlineData("a\u00a0b@c.d")]
    public void These_are_none(string address) => Assert.False(Mailbox.IsLegal(address));

    [Fact]
    public void One_of_the_longest_is_and_one_more_is_not()
    {
        string longest = new string('a', DeliveryLimits.MailAddressCharactersMax - 2) + "@b";
        Assert.True(Mailbox.IsLegal(longest));
        Assert.False(Mailbox.IsLegal("a" + longest));
    }
}
