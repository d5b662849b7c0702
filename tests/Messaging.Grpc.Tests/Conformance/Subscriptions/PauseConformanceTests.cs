using Messaging.Grpc.Tests.Conformance.Queues;

namespace Messaging.Grpc.Tests.Conformance.Subscriptions;

/// <summary>A pause holds for all, whoever publishes meanwhile: fronts that have one, each with every front behind it.</summary>
public sealed class PauseConformanceTests(Fronts fronts) : IClassFixture<Fronts>
{
    private readonly Dictionary<string, IPausingFront> _fronts = new() { [Fronts.Rest] = new RestSubscriptionFront(fronts.RestCalls), [Fronts.Grpc] = new GrpcSubscriptionFront(fronts.Server.Channel) };
    private readonly SnsSubscriptionFront _sns = new(fronts.AwsCalls);
    private readonly GrpcQueueFront _queues = new(fronts.Server.Channel);

    [Theory]
    [InlineData(Fronts.Rest, Fronts.Rest)]
    [InlineData(Fronts.Rest, Fronts.Grpc)]
    [InlineData(Fronts.Rest, Fronts.Aws)]
    [InlineData(Fronts.Grpc, Fronts.Rest)]
    [InlineData(Fronts.Grpc, Fronts.Grpc)]
    [InlineData(Fronts.Grpc, Fronts.Aws)]
    public async Task What_is_published_during_a_pause_gathers_and_comes_with_the_resume(string pausing, string publishing)
    {
        ISubscriptionFront publisher = publishing == Fronts.Aws ? _sns : _fronts[publishing];
        string topic = GrpcServer.NewName(), queue = GrpcServer.NewName();
        await _queues.CreateQueueAsync(queue, new QueueTerms());
        await publisher.CreateTopicAsync(topic);
        Assert.Equal("", await publisher.SubscribeAsync(topic, queue, new SubscriptionTerms()));

        Assert.Equal("", await _fronts[pausing].PauseAsync(topic, queue, isPaused: true));
        Assert.Equal("", await _fronts[pausing].PauseAsync(topic, queue, isPaused: true));
        await publisher.PublishAsync(topic, new FrontSend("1", Number: "7"));
        Assert.Empty((await _queues.ReceiveAsync(queue)).Messages);
        Assert.Equal("", await _fronts[Other(pausing)].PauseAsync(topic, queue, isPaused: false));

        FrontDelivery[] messages;
        do messages = (await _queues.ReceiveAsync(queue)).Messages;
        while (messages.Length == 0);
        Assert.Equal([("1", null, 1, "7")], messages.Select(message => message.Told));
    }

    private static string Other(string front) => front == Fronts.Rest ? Fronts.Grpc : Fronts.Rest;
}
