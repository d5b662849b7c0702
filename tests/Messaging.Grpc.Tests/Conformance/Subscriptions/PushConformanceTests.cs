using System.Text.Json.Nodes;
using Messaging.Grpc.Tests.Conformance.Queues;
using Messaging.Grpc.Tests.Subscriptions;

namespace Messaging.Grpc.Tests.Conformance.Subscriptions;

/// <summary>An endpoint is asked first and told what is published then, whoever subscribed it and whoever confirms: each scenario runs over every front, and over each with another one behind it.</summary>
public sealed class PushConformanceTests(PushConformanceTests.Pushing server) : IClassFixture<PushConformanceTests.Pushing>
{
    private readonly Dictionary<string, ISubscriptionFront> _fronts = new()
    {
        [Fronts.Rest] = new RestSubscriptionFront(server.Own.RestCalls), [Fronts.Grpc] = new GrpcSubscriptionFront(server.Own.Server.Channel), [Fronts.Aws] = new SnsSubscriptionFront(server.Own.AwsCalls),
    };

    private readonly string _topic = GrpcServer.NewName();

    public static TheoryData<string, string> Pairs() => Fronts.Pairs(Fronts.Rest, Fronts.Grpc, Fronts.Aws);

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task An_endpoint_that_one_front_asks_agrees_by_another(string first, string second)
    {
        await using Endpoint endpoint = await Endpoint.StartAsync();
        Assert.Equal("", await _fronts[second].CreateTopicAsync(_topic));
        Assert.Equal("", await _fronts[first].SubscribeEndpointAsync(_topic, endpoint.Url));
        JsonNode asked = JsonNode.Parse(await endpoint.NextAsync())!;
        string token = asked["Token"]!.GetValue<string>();

        Assert.True(await _fronts[second].IsPendingAsync(_topic, endpoint.Url));
        Assert.Equal([""], await _fronts[second].PublishAsync(_topic, new FrontSend("unheard")));
        Assert.Equal("invalidValue", await _fronts[second].ConfirmAsync(_topic, endpoint.Url, "none"));
        Assert.Equal("", await _fronts[second].ConfirmAsync(_topic, endpoint.Url, token));
        Assert.Equal("", await _fronts[first].ConfirmAsync(_topic, endpoint.Url, token));
        Assert.False(await _fronts[first].IsPendingAsync(_topic, endpoint.Url));
        Assert.Equal([""], await _fronts[first].PublishAsync(_topic, new FrontSend("heard")));

        JsonNode told = JsonNode.Parse(await endpoint.NextAsync())!;
        string arn = server.Own.AwsCalls.TopicArn(_topic);
        Assert.Equal(("SubscriptionConfirmation", arn), (asked["Type"]!.GetValue<string>(), asked["TopicArn"]!.GetValue<string>()));
        Assert.Equal(("Notification", "heard", arn), (told["Type"]!.GetValue<string>(), told["Message"]!.GetValue<string>(), told["TopicArn"]!.GetValue<string>()));
        Assert.Equal("", await _fronts[second].UnsubscribeAsync(_topic, endpoint.Url));
        Assert.Empty((await _fronts[first].ListAsync(_topic)).Subscriptions);
    }

    [Theory]
    [InlineData(Fronts.Rest)]
    [InlineData(Fronts.Grpc)]
    [InlineData(Fronts.Aws)]
    public async Task Refusals_are_the_same(string name)
    {
        Assert.Equal("", await _fronts[name].CreateTopicAsync(_topic));

        Assert.Equal("topicNotFound", await _fronts[name].SubscribeEndpointAsync("nobody", "http://127.0.0.1:1/"));
        Assert.Equal("invalidValue", await _fronts[name].SubscribeEndpointAsync(_topic, "ftp://127.0.0.1/"));
        Assert.Equal("invalidValue", await _fronts[name].SubscribeEndpointAsync(_topic, "http://"));
        Assert.Equal("invalidValue", await _fronts[name].SubscribeEndpointAsync(_topic, "nowhere"));
        Assert.Empty((await _fronts[name].ListAsync(_topic)).Subscriptions);
    }

    /// <summary>A server that may push to this machine.</summary>
    public sealed class Pushing : IAsyncLifetime
    {
        internal Fronts Own { get; } = new("--Messaging:Push:AllowPrivateNetworks=true");

        public Task InitializeAsync() => Own.InitializeAsync();

        public Task DisposeAsync() => Own.DisposeAsync();
    }
}
