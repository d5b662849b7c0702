using Messaging.Broker.Names;

namespace Messaging.Broker.Tests.Names;

public sealed class NamesTests
{
    [Theory]
    [InlineData("q", true)]
    [InlineData("a/b c.ü", true)]
    [InlineData("", false)]
    [InlineData(null, false)]
    [InlineData("a\nb", false)]
    [InlineData("a\u0085", false)]
    public void A_name_is_utf8_without_control_characters(string? text, bool legal)
    {
        Assert.Equal(legal, QueueName.TryParse(text, out QueueName name));
        Assert.Equal(legal, NamespaceName.TryParse(text, out _));
        if (legal) Assert.Equal(text, name.Value);
    }

    [Fact]
    public void Half_a_surrogate_pair_is_no_name() => Assert.False(QueueName.TryParse("a\ud800", out _));

    [Fact]
    public void A_name_has_at_most_255_bytes()
    {
        Assert.True(QueueName.TryParse(new string('a', 255), out _));
        Assert.False(QueueName.TryParse(new string('a', 256), out _));
        Assert.True(QueueName.TryParse(new string('ü', 127), out _));
        Assert.False(QueueName.TryParse(new string('ü', 128), out _));
    }

    [Theory]
    [InlineData("000000000000", true)]
    [InlineData("123456789012", true)]
    [InlineData("12345678901", false)]
    [InlineData("12345678901x", false)]
    [InlineData("１２３４５６７８９０１２", false)]
    public void An_account_is_twelve_digits(string text, bool legal)
    {
        Assert.Equal(legal, AccountId.TryParse(text, out AccountId account));
        if (legal) Assert.Equal(text, account.Value);
    }

    [Fact]
    public void A_default_equals_its_text()
    {
        Assert.True(AccountId.TryParse("000000000000", out AccountId account));
        Assert.Equal(AccountId.Default, account);
        Assert.True(NamespaceName.TryParse("default", out NamespaceName space));
        Assert.Equal(NamespaceName.Default, space);
    }
}
