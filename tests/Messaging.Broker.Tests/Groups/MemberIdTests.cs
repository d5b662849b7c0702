using Messaging.Broker.Groups;

namespace Messaging.Broker.Tests.Groups;

public sealed class MemberIdTests
{
    [Fact]
    public void An_id_survives_its_text_form()
    {
        MemberId id = MemberId.Mint();
        Assert.True(MemberId.TryParse(id.ToString(), out MemberId parsed));
        Assert.Equal(id, parsed);
        Assert.NotEqual(id, MemberId.Mint());
    }

    [Fact]
    public void An_id_has_one_text()
    {
        string text = default(MemberId).ToString();
        Assert.Equal(new string('A', 22), text);
        Assert.False(MemberId.TryParse(text[..^1] + "B", out _));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAA/")]
    [InlineData("éAAAAAAAAAAAAAAAAAAAAA")]
    public void What_cannot_be_an_id_does_not_parse(string? text) => Assert.False(MemberId.TryParse(text, out _));
}
