using Messaging.Rest.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

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
    [InlineData("/v1/topics/a%2Fb/records", "a/b")]
    [InlineData("/v1/topics/a%252Fb?x=1", "a%2Fb")]
    public void Each_kind_of_resource_has_its_own_prefix(string target, string name)
    {
        Assert.True(ResourcePath.Topic.TryDecode(target, out string decoded));
        Assert.Equal(name, decoded);
        Assert.False(ResourcePath.Queue.TryDecode(target, out _));
    }

    [Theory]
    [InlineData("/v1/topics/a%2Fb/subscriptions/c%2Fd", "c/d")]
    [InlineData("/v1/topics/t/subscriptions/c%252Fd/pause?x=1", "c%2Fd")]
    public void A_subscription_is_behind_its_topic(string target, string name)
    {
        Assert.True(ResourcePath.Subscription.TryDecode(target, out string decoded));
        Assert.Equal(name, decoded);
        Assert.False(ResourcePath.Subscription.TryDecode("/v1/topics/t/records", out _));
    }

    [Theory]
    [InlineData("/v1/topics/..", "topic")]
    [InlineData("/v1/topics/%2E/records", "topic")]
    [InlineData("/v1/queues/.%2e?x=1", "queue")]
    [InlineData("/v1/topics/...", null)]
    [InlineData("/v1/topics/t/subscriptions/..", "subscription")]
    [InlineData("/v1/topics/t/subscriptions/%2e/pause", "subscription")]
    [InlineData("/v1/topics/t/subscriptions", null)]
    [InlineData("/v1/topics", null)]
    [InlineData("/v1/others/..", null)]
    public void A_name_of_dots_is_refused_by_its_kind(string target, string? kind)
    {
        var context = new DefaultHttpContext();
        context.Features.Get<IHttpRequestFeature>()!.RawTarget = target;
        Assert.Equal(kind, ResourcePath.RefuseDotName(context)?.Field);
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
