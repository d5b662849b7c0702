using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Messaging.V1;
using static Messaging.Grpc.Tests.Subscriptions.SubscriptionSteps;

namespace Messaging.Grpc.Tests.Subscriptions;

/// <summary>Subscriptions that are held, and those that deliver once more what the topic keeps.</summary>
public sealed class PausedSubscriptionTests(GrpcServer server) : IClassFixture<GrpcServer>
{
    private SubscriptionService.SubscriptionServiceClient Subscriptions => server.Subscriptions();

    [Fact]
    public async Task What_is_published_during_a_pause_gathers_and_comes_with_the_resume()
    {
        string topic = await server.CreateTopicAsync(), queue = await server.CreateQueueAsync();
        Subscription there = (await server.PutAsync(topic, "s", To(queue))).Subscription;

        Subscription paused = (await Subscriptions.PauseSubscriptionAsync(new PauseSubscriptionRequest { Topic = topic, Subscription = "s" })).Subscription;
        await server.PublishAsync(topic, 0, "1");
        ListDeliveriesResponse waiting = await Subscriptions.ListDeliveriesAsync(new ListDeliveriesRequest { Topic = topic, Subscription = "s" });
        Message[] before = await server.ReceiveAsync(queue);
        Subscription resumed = (await Subscriptions.ResumeSubscriptionAsync(new ResumeSubscriptionRequest { Topic = topic, Subscription = "s" })).Subscription;
        Message after = (await server.Queues.ReceiveMessagesAsync(new ReceiveMessagesRequest { Queue = queue, WaitSeconds = 20 })).Messages.Single();

        Assert.Equal((true, false, there.Version), (paused.Paused, resumed.Paused, resumed.Version));
        Assert.Equal((1L, 0), (waiting.Waiting, waiting.Deliveries.Count));
        Assert.Empty(before);
        Assert.Equal("1", after.Body.ToStringUtf8());
        Assert.Equal((StatusCode.NotFound, "subscriptionNotFound", null), (await Refused.ByAsync(Subscriptions.PauseSubscriptionAsync(new PauseSubscriptionRequest { Topic = topic, Subscription = "none" }))).Told);
        Assert.Equal((StatusCode.NotFound, "subscriptionNotFound", null), (await Refused.ByAsync(Subscriptions.ResumeSubscriptionAsync(new ResumeSubscriptionRequest { Topic = topic, Subscription = "none" }))).Told);
    }

    [Fact]
    public async Task A_replay_delivers_again_what_the_topic_keeps_and_is_forgotten_when_it_is_ended()
    {
        string topic = await server.CreateTopicAsync(), queue = await server.CreateQueueAsync();
        await server.PutAsync(topic, "s", To(queue));
        await server.PublishAsync(topic, 0, "1");
        Assert.False((await server.ReceiveAsync(queue)).Single().Replayed);
        var earliest = new SubscriptionStart { End = SubscriptionStart.Types.End.Earliest };
        var until = new Timestamp { Seconds = 253_402_300_799 };

        Subscription begun = (await Subscriptions.ReplaySubscriptionAsync(new ReplaySubscriptionRequest { Topic = topic, Subscription = "s", StartAt = earliest, To = until })).Subscription;
        Message again = (await server.Queues.ReceiveMessagesAsync(new ReceiveMessagesRequest { Queue = queue, WaitSeconds = 20 })).Messages.Single();
        Subscription ended = (await Subscriptions.EndReplayAsync(new EndReplayRequest { Topic = topic, Subscription = "s" })).Subscription;

        Assert.Equal((earliest, until), (begun.Replay.StartAt, begun.Replay.To));
        Assert.NotEqual(SubscriptionReplay.Types.Status.Unspecified, begun.Replay.Status);
        Assert.Equal(("1", true), (again.Body.ToStringUtf8(), again.Replayed));
        Assert.Null(ended.Replay);
    }

    [Fact]
    public async Task A_replay_says_from_where_and_has_something_to_deliver()
    {
        string topic = await server.CreateTopicAsync(), queue = await server.CreateQueueAsync();
        await server.PutAsync(topic, "s", To(queue));
        var earliest = new SubscriptionStart { End = SubscriptionStart.Types.End.Earliest };

        Assert.Equal("FailedPrecondition nothingRetained ", await ReplayFieldAsync(topic, earliest));
        Assert.Equal("InvalidArgument missingField startAt", await ReplayFieldAsync(topic, null));
        Assert.Equal("InvalidArgument invalidValue startAt", await ReplayFieldAsync(topic, new SubscriptionStart()));
        Assert.Equal("InvalidArgument invalidValue startAt.time", await ReplayFieldAsync(topic, new SubscriptionStart { Time = new Timestamp { Seconds = long.MaxValue } }));
        Assert.Equal("InvalidArgument invalidValue to", await ReplayFieldAsync(topic, earliest, new Timestamp { Nanos = 1_000_000_000 }));
    }

    private async Task<string> ReplayFieldAsync(string topic, SubscriptionStart? from, Timestamp? to = null)
    {
        Refused refused = await Refused.ByAsync(Subscriptions.ReplaySubscriptionAsync(new ReplaySubscriptionRequest { Topic = topic, Subscription = "s", StartAt = from, To = to }));
        return $"{refused.Status} {refused.Code} {refused.Field}";
    }
}
