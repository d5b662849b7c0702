using System.Text.Json;
using Grpc.Core;
using Messaging.V1;

namespace Messaging.Grpc.Tests.Subscriptions;

/// <summary>Subscriptions of endpoints: asked first, confirmed by the token, and what became of what was pushed.</summary>
public sealed class PushedSubscriptionTests(PushedSubscriptionTests.Pushing server) : IClassFixture<PushedSubscriptionTests.Pushing>
{
    private SubscriptionService.SubscriptionServiceClient Subscriptions => new(server.Own.Channel);

    [Fact]
    public async Task An_endpoint_gets_nothing_until_its_token_has_come_back()
    {
        string topic = await server.Own.CreateTopicAsync();
        await using Endpoint endpoint = await Endpoint.StartAsync();
        var definition = new SubscriptionDefinition { Target = new SubscriptionTarget { Http = new HttpTarget { Url = endpoint.Url } } };
        Subscription asked = (await Subscriptions.PutSubscriptionAsync(new PutSubscriptionRequest { Topic = topic, Subscription = "s", Definition = definition })).Subscription;

        string token = JsonDocument.Parse(await endpoint.NextAsync()).RootElement.GetProperty("Token").GetString()!;
        await server.Own.PublishAsync(topic, 0, "unheard");
        Refused none = await Refused.ByAsync(Subscriptions.ConfirmSubscriptionAsync(new ConfirmSubscriptionRequest { Topic = topic, Subscription = "s" }));
        Refused wrong = await Refused.ByAsync(Subscriptions.ConfirmSubscriptionAsync(new ConfirmSubscriptionRequest { Topic = topic, Subscription = "s", Token = "none" }));
        Subscription confirmed = (await Subscriptions.ConfirmSubscriptionAsync(new ConfirmSubscriptionRequest { Topic = topic, Subscription = "s", Token = token })).Subscription;
        await server.Own.PublishAsync(topic, 0, "heard");

        Assert.True(asked.Pending);
        Assert.Equal((StatusCode.InvalidArgument, "missingField", "token"), none.Told);
        Assert.Equal((StatusCode.InvalidArgument, "invalidValue", "token"), wrong.Told);
        Assert.False(confirmed.Pending);
        Assert.Equal(asked.Version, confirmed.Version);
        Assert.Equal("heard", await endpoint.NextAsync());
    }

    [Fact]
    public async Task Attempts_are_told_the_newest_first()
    {
        string topic = await server.Own.CreateTopicAsync();
        await using Endpoint endpoint = await Endpoint.StartAsync();
        var definition = new SubscriptionDefinition { Target = new SubscriptionTarget { Http = new HttpTarget { Url = endpoint.Url } }, Confirmed = true };
        await Subscriptions.PutSubscriptionAsync(new PutSubscriptionRequest { Topic = topic, Subscription = "s", Definition = definition });

        await server.Own.PublishAsync(topic, 0, "1");
        await server.Own.PublishAsync(topic, 0, "2");
        ListDeliveriesResponse told = await DeliveredAsync(topic, 2);

        Assert.Equal((0L, 2L, 0L, 0L, 0L), (told.Waiting, told.Delivered, told.Failed, told.DeadLettered, told.Dropped));
        Assert.Equal(2, told.Deliveries.Count);
        Assert.True(told.Deliveries[0].At.ToDateTimeOffset() >= told.Deliveries[1].At.ToDateTimeOffset());
        Assert.All(told.Deliveries, delivery => Assert.Equal((Delivery.Types.Outcome.Delivered, 1, 200, "", null), (delivery.Outcome, delivery.Attempt, delivery.Status, delivery.Fault, delivery.NextAttemptAt)));
        Assert.NotEqual(told.Deliveries[0].MessageId, told.Deliveries[1].MessageId);
        Assert.Equal((StatusCode.NotFound, "subscriptionNotFound", null), (await Refused.ByAsync(Subscriptions.ListDeliveriesAsync(new ListDeliveriesRequest { Topic = topic, Subscription = "none" }))).Told);
    }

    // What the endpoint has taken is written down a moment later.
    private async Task<ListDeliveriesResponse> DeliveredAsync(string topic, int count)
    {
        while (true)
        {
            ListDeliveriesResponse told = await Subscriptions.ListDeliveriesAsync(new ListDeliveriesRequest { Topic = topic, Subscription = "s" });
            if (told.Delivered >= count) return told;
        }
    }

    /// <summary>A server that may push to this machine.</summary>
    public sealed class Pushing : IAsyncLifetime
    {
        internal GrpcServer Own { get; } = new(TimeProvider.System, "--Messaging:Push:AllowPrivateNetworks=true");

        public Task InitializeAsync() => Own.InitializeAsync();

        public Task DisposeAsync() => Own.DisposeAsync();
    }
}
