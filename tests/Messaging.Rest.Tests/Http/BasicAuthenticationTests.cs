using Messaging.Broker.Access;
using Messaging.Broker.Names;
using Messaging.Http;
using Messaging.Rest.Http;
using Microsoft.AspNetCore.Http;

namespace Messaging.Rest.Tests.Http;

/// <summary>What a header says is tested in Messaging.Http.Tests; what it opens, in Messaging.Api.Tests.</summary>
public sealed class BasicAuthenticationTests
{
    [Fact]
    public void Before_the_data_is_recovered_nobody_is_refused_for_good()
    {
        var context = new DefaultHttpContext();
        var key = new AccessKey(new string('k', 128), new string(':', 128), AccountId.Default);
        var basic = new BasicAuthentication(new BasicCredentials(new AccessKeyRing(new BrokerGate(), isClosed: true, key)), new BrokerGate());

        Assert.Equal("starting", basic.Check(context)?.Kind.Code);
        Assert.Equal(0, context.Response.Headers.WWWAuthenticate.Count);
    }
}
