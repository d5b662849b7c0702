using Messaging.Rest.Http;

namespace Messaging.Rest.Tests.Http;

public sealed class ResourcePathTests
{
    [Theory]
    [InlineData("/v1/queues/a%2Fb", "a/b")]
    [InlineData("/v1/queues/a%252Fb/receive?encoding=text", "a%2Fb")]
    [InlineData("/v1/queues/100%25?x=/", "100%")]
    [InlineData("/v1/queues/%C3%A4%20%f0%9f%98%80", "ä 😀")]
    [InlineData("/V1/Queues/a+b", "a+b")]
    public void A_name_is_decoded_from_the_request_line(string target, string name)
    {
        Assert.True(ResourcePath.Queue.TryDecode(target, out string decoded));
        Assert.Equal(name, decoded);
    }

    [Theory]
    [InlineData("/v1/queues/%")]
    [InlineData("/v1/queues/a%2")]
    [InlineData("/v1/queues/%zz")]
    [InlineData("/v1/queues/%FF")]
    [InlineData("/v1/queues/%ED%A0%80")]
    [InlineData("/elsewhere/a")]
    [InlineData("")]
    public void What_is_not_percent_encoded_UTF8_is_refused(string target) => Assert.False(ResourcePath.Queue.TryDecode(target, out _));
}
