using Messaging.Broker.Access;
using Messaging.Broker.Names;

namespace Messaging.Http.Tests;

/// <summary>The key of the settings; with those of a data folder it is tested in Messaging.Api.Tests.</summary>
public sealed class AccessKeyRingTests
{
    private static readonly AccessKey Key = new("AKIAIOSFODNN7EXA", "wJalrXUtnFEMI/K7", AccountId.Default);

    [Fact]
    public void The_key_of_the_settings_is_there_before_the_data_is_recovered()
    {
        var ring = new AccessKeyRing(new BrokerGate(), isClosed: true, Key);

        Assert.Same(Key, ring.Find("AKIAIOSFODNN7EXA"));
        Assert.Null(ring.Find("akiaiosfodnn7exa"));
        Assert.Null(ring.Find(""));
    }

    [Fact]
    public void Without_one_there_is_none() => Assert.Null(new AccessKeyRing(new BrokerGate(), isClosed: true, configured: null).Find("AKIAIOSFODNN7EXA"));
}
