using Messaging.Aws.Auth;
using Messaging.Aws.Http;
using Messaging.Broker.Names;
using Messaging.Http;
using Microsoft.AspNetCore.Http;

namespace Messaging.Aws.Tests.Http;

public sealed class CallTests
{
    [Theory]
    [InlineData("us-east-1", "us-east-1", "default")]
    [InlineData("eu-west-1", "eu-west-1", "eu-west-1")]
    // The namespace's own word must not be a second name of the configured region: a policy that names the queue would not hold for it.
    [InlineData("default", "us-east-1", "default")]
    [InlineData(null, "us-east-1", "default")]
    public void A_region_is_a_namespace_and_each_has_one_name(string? signed, string region, string space)
    {
        var gate = new BrokerGate();
        var server = new AwsServer(new AwsSettings(), gate, new AccessKeyRing(gate, isClosed: true, null), new BufferBudgets(long.MaxValue), TimeProvider.System);

        var call = new Call(server, new DefaultHttpContext(), null!, new Caller(AccountId.Default, "k", signed), RequestBody.None);

        Assert.Equal((region, space), (call.Region, call.Namespace.Value));
    }
}
