using System.Text;
using Messaging.Broker.Messages;

namespace Messaging.Broker.Tests.Messages;

public sealed class MessageStructureTests
{
    [Theory]
    [InlineData("""{"default":"d"}""", "d")]
    [InlineData("""{"default":"d","http":"h","sms":"s"}""", "h")]
    [InlineData("""{"http":"h","default":"d","email":7}""", "h")]
    [InlineData("""{"default":"d","http":7}""", "d")]
    [InlineData("""{"default":"\ud83d\ude00"}""", "\ud83d\ude00")]
    [InlineData("""{"default":""}""", "")]
    public void Each_protocol_gets_its_text_or_the_default_one(string body, string text)
    {
        Assert.True(MessageStructure.IsSound(Bytes(body)));
        Assert.Equal(text, Encoding.UTF8.GetString(MessageStructure.TextFor(Bytes(body), "http").Span));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("\"default\"")]
    [InlineData("{}")]
    [InlineData("""{"http":"h"}""")]
    [InlineData("""{"default":7}""")]
    [InlineData("""{"default":"\ud800"}""")]
    [InlineData("""{"default":"d","http":"\udc00"}""")]
    [InlineData("""{"default":"d","\ud800":"x"}""")]
    public void What_is_not_sound_is_its_own_text(string body)
    {
        Assert.False(MessageStructure.IsSound(Bytes(body)));
        Assert.Equal(body, Encoding.UTF8.GetString(MessageStructure.TextFor(Bytes(body), "http").Span));
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
