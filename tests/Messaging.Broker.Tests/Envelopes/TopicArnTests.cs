using Messaging.Broker.Envelopes;
using Messaging.Broker.Names;

namespace Messaging.Broker.Tests.Envelopes;

public sealed class TopicArnTests
{
    [Theory]
    [InlineData("orders_1-x.fifo", "orders_1-x.fifo")]
    [InlineData("a.b", "a.b")]
    [InlineData("a:b", "a%3Ab")]
    [InlineData("a b&Token=x#y%", "a%20b%26Token%3Dx%23y%25")]
    [InlineData("grüße", "gr%C3%BC%C3%9Fe")]
    public void A_name_that_is_none_of_snss_is_encoded_and_comes_back(string name, string encoded)
    {
        Assert.True(TopicName.TryParse(name, out TopicName topic));
        Assert.True(NamespaceName.TryParse(name, out NamespaceName space));

        string arn = TopicArn.Of(new TopicKey(AccountId.Default, space, topic), "us-east-1");

        Assert.Equal($"arn:aws:sns:{encoded}:000000000000:{encoded}", arn);
        string[] parts = arn.Split(':');
        Assert.Equal((6, name, name), (parts.Length, TopicArn.Decode(parts[3]), TopicArn.Decode(parts[5])));
        Assert.Equal(arn, Uri.UnescapeDataString(TopicArn.InQuery(arn)));
    }
}
