using Messaging.Grpc.Tests.Conformance.Queues;

namespace Messaging.Grpc.Tests.Conformance.Subscriptions;

/// <summary>A replay delivers again what the topic keeps, whoever asks for it and whoever receives: each scenario runs over every front, and over each with another one behind it. SNS replays FIFO topics with an archive alone.</summary>
public sealed class ReplayConformanceTests(Fronts fronts) : IClassFixture<Fronts>
{
    private readonly Dictionary<string, IQueueFront> _queues = new()
    {
        [Fronts.Rest] = new RestQueueFront(fronts.RestCalls), [Fronts.Grpc] = new GrpcQueueFront(fronts.Server.Channel), [Fronts.Aws] = new SqsQueueFront(fronts.AwsCalls),
    };

    private readonly Dictionary<string, ISubscriptionFront> _fronts = new()
    {
        [Fronts.Rest] = new RestSubscriptionFront(fronts.RestCalls), [Fronts.Grpc] = new GrpcSubscriptionFront(fronts.Server.Channel), [Fronts.Aws] = new SnsSubscriptionFront(fronts.AwsCalls),
    };

    private readonly string _topic = GrpcServer.NewName() + ".fifo", _queue = GrpcServer.NewName() + ".fifo";

    public static TheoryData<string, string> Pairs() => Fronts.Pairs(Fronts.Rest, Fronts.Grpc, Fronts.Aws);

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task What_was_published_comes_again_in_its_order(string first, string second)
    {
        await SubscribeAsync(second);
        FrontSend[] messages = [new("1", "a", "1"), new("2", "a", "2")];
        Assert.Equal(["", ""], await _fronts[first].PublishAsync(_topic, messages));
        FrontDelivery[] received = (await _queues[second].ReceiveAsync(_queue)).Messages;
        Assert.Equal(["", ""], await _queues[second].AcknowledgeAsync(_queue, [.. received.Select(message => message.Receipt)]));
        Assert.Null(await _fronts[first].ReplayStatusAsync(_topic, _queue));

        Assert.Equal("", await _fronts[first].ReplayAsync(_topic, _queue, DateTimeOffset.UnixEpoch));
        // What has gone by then has nothing to do with it.
        FrontDelivery[] again;
        do again = (await _queues[second].ReceiveAsync(_queue)).Messages;
        while (again.Length == 0);
        string? status;
        do status = await _fronts[first].ReplayStatusAsync(_topic, _queue);
        while (status is "pending" or "inProgress");

        Assert.Equal(received.Select(message => message.Sent), again.Select(message => message.Sent));
        Assert.All(again, message => Assert.Equal(1, message.ReceiveCount));
        Assert.Equal("completed", status);
        Assert.Equal("", await _fronts[first].EndReplayAsync(_topic, _queue));
        Assert.Null(await _fronts[first].ReplayStatusAsync(_topic, _queue));
        Assert.Equal("", await _fronts[first].EndReplayAsync(_topic, _queue));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Only_what_was_published_in_its_time_comes_again(string first, string second)
    {
        await SubscribeAsync(first);
        Assert.Equal([""], await _fronts[second].PublishAsync(_topic, new FrontSend("1", "a", "1")));
        FrontDelivery received = (await _queues[first].ReceiveAsync(_queue)).Messages.Single();
        await _queues[first].AcknowledgeAsync(_queue, received.Receipt);

        Assert.Equal("", await _fronts[first].ReplayAsync(_topic, _queue, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(1)));
        string? status;
        do status = await _fronts[first].ReplayStatusAsync(_topic, _queue);
        while (status is "pending" or "inProgress");

        Assert.Equal("completed", status);
        Assert.Empty((await _queues[second].ReceiveAsync(_queue)).Messages);
    }

    [Theory]
    [InlineData(Fronts.Rest)]
    [InlineData(Fronts.Grpc)]
    [InlineData(Fronts.Aws)]
    public async Task Refusals_are_the_same(string name)
    {
        await SubscribeAsync(name);

        // An empty archive is replayed by that: SNS has no error for it.
        Assert.Equal(name == Fronts.Aws ? "" : "nothingRetained", await _fronts[name].ReplayAsync(_topic, _queue, DateTimeOffset.UnixEpoch));
        await _fronts[name].PublishAsync(_topic, new FrontSend("1", "a", "1"));
        Assert.Equal("invalidValue", await _fronts[name].ReplayAsync(_topic, _queue, DateTimeOffset.UnixEpoch.AddDays(2), DateTimeOffset.UnixEpoch.AddDays(1)));
        Assert.Equal("invalidValue", await _fronts[name].ReplayAsync(_topic, _queue, DateTimeOffset.UnixEpoch.AddDays(1), DateTimeOffset.UnixEpoch.AddDays(1)));
        Assert.Equal("", await _fronts[name].ReplayAsync(_topic, _queue, DateTimeOffset.UnixEpoch));
    }

    private async Task SubscribeAsync(string front)
    {
        Assert.Equal("", (await fronts.AwsCalls.SnsAsync(
            "CreateTopic", ("Name", _topic), ("Attributes.entry.1.key", "FifoTopic"), ("Attributes.entry.1.value", "true"),
            ("Attributes.entry.2.key", "ArchivePolicy"), ("Attributes.entry.2.value", """{"MessageRetentionPeriod":"1"}"""))).Error);
        Assert.Equal("", await _queues[front].CreateQueueAsync(_queue, new QueueTerms { IsFifo = true }));
        Assert.Equal("", await _fronts[front].SubscribeAsync(_topic, _queue, new SubscriptionTerms()));
    }
}
