using Messaging.Broker.Messages;

namespace Messaging.Broker.Tests.Messages;

public sealed class ContentTypesTests
{
    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/vnd.api+json;charset=utf-8")]
    [InlineData("text/plain ; charset=\"utf-8\" ;\tformat=flowed")]
    [InlineData("text/plain;")]
    [InlineData("multipart/mixed; boundary=\"a \\\"b\\\" c\"")]
    public void A_media_type_passes(string text) => Assert.True(ContentTypes.IsValid(text));

    [Theory]
    [InlineData("")]
    [InlineData("text")]
    [InlineData("text/")]
    [InlineData("/plain")]
    [InlineData(" text/plain")]
    [InlineData("text/plain/more")]
    [InlineData("text/plain charset=utf-8")]
    [InlineData("text/plain; charset")]
    [InlineData("text/plain; charset=")]
    [InlineData("text/plain; charset=\"utf-8")]
    [InlineData("text/plain; a=\"b\\")]
    [InlineData("text/plain; a=\"b\\\n\"")]
    [InlineData("text/plain\r\nX-Evil: 1")]
    [InlineData("text/plain; a=\"\r\n\"")]
    [InlineData("text/pl\0in")]
    [InlineData("text/plän")]
    [InlineData("text/plain; a=\"ä\"")]
    public void What_is_none_does_not(string text) => Assert.False(ContentTypes.IsValid(text));

    [Fact]
    public void It_has_at_most_256_bytes()
    {
        Assert.True(ContentTypes.IsValid("text/" + new string('x', 251)));
        Assert.False(ContentTypes.IsValid("text/" + new string('x', 252)));
    }
}
