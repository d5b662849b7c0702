using Messaging.Grpc.Tests.Conformance.Queues;

namespace Messaging.Grpc.Tests.Conformance.Subscriptions;

/// <summary>
/// Fan-out to queues has the same outcomes whoever asks: each scenario runs over every front, and over each with another one behind it, which subscribes and receives where the first publishes, or the other way around.
/// </summary>
public sealed class SubscriptionConformanceTests(Fronts fronts) : IClassFixture<Fronts>
{
    private readonly Dictionary<string, IQueueFront> _queues = new()
    {
        [Fronts.Rest] = new RestQueueFront(fronts.RestCalls), [Fronts.Grpc] = new GrpcQueueFront(fronts.Server.Channel), [Fronts.Aws] = new SqsQueueFront(fronts.AwsCalls),
    };

    private readonly Dictionary<string, ISubscriptionFront> _fronts = new()
    {
        [Fronts.Rest] = new RestSubscriptionFront(fronts.RestCalls), [Fronts.Grpc] = new GrpcSubscriptionFront(fronts.Server.Channel), [Fronts.Aws] = new SnsSubscriptionFront(fronts.AwsCalls),
    };

    public static TheoryData<string, string> Pairs() => Fronts.Pairs(Fronts.Rest, Fronts.Grpc, Fronts.Aws);

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task What_is_published_comes_as_it_was_with_its_number(string first, string second)
    {
        (string topic, string queue) = await SubscribeAsync(second, new SubscriptionTerms());

        Assert.Equal(["", ""], await _fronts[first].PublishAsync(topic, new FrontSend("1", Number: "7.50"), new FrontSend("ü <&>", Group: "g")));

        Assert.Equal([("1", null, 1, "7.50"), ("ü <&>", "g", 1, null)], (await _queues[second].ReceiveAsync(queue)).Messages.Select(message => message.Told));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_filter_of_attributes_or_of_the_body_chooses_and_can_be_changed(string first, string second)
    {
        string topic = await CreateTopicAsync(first);
        string ofAttributes = await CreateQueueAsync(second), ofBody = await CreateQueueAsync(second);
        Assert.Equal("", await _fronts[second].SubscribeAsync(topic, ofAttributes, new SubscriptionTerms(Filter: new FrontFilter(false, """{"n":[{"numeric":["=",7]}]}"""))));
        Assert.Equal("", await _fronts[second].SubscribeAsync(topic, ofBody, new SubscriptionTerms(Filter: new FrontFilter(true, """{"kind":["order"]}"""))));
        FrontSend[] messages = [new("""{"kind":"order"}""", Number: "8"), new("""{"kind":"note"}""", Number: "7.0"), new("""{"kind":"bill"}""")];

        await _fronts[first].PublishAsync(topic, messages);
        Assert.Equal([messages[1].Body], await BodiesAsync(second, ofAttributes));
        Assert.Equal([messages[0].Body], await BodiesAsync(second, ofBody));

        Assert.Equal("", await _fronts[first].FilterAsync(topic, ofAttributes, new FrontFilter(false, """{"n":[{"exists":false}]}""")));
        Assert.Equal("", await _fronts[first].FilterAsync(topic, ofBody, new FrontFilter(true, """{"kind":["note"]}""")));
        await _fronts[second].PublishAsync(topic, messages);
        Assert.Equal([messages[2].Body], await BodiesAsync(first, ofAttributes));
        Assert.Equal([messages[1].Body], await BodiesAsync(first, ofBody));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_FIFO_topic_keeps_its_order_into_a_FIFO_queue_and_stores_a_message_once(string first, string second)
    {
        (string topic, string queue) = await SubscribeAsync(second, new SubscriptionTerms(), isFifo: true);
        FrontSend[] messages = [new("a1", "a", "1"), new("b1", "b", "2"), new("a2", "a", "3"), new("a1", "a", "1")];

        Assert.Equal(["", "", "", ""], await _fronts[first].PublishAsync(topic, messages));
        Assert.Equal([""], await _fronts[second].PublishAsync(topic, messages[1]));

        FrontDelivery[] received = (await _queues[first].ReceiveAsync(queue)).Messages;
        Assert.Equal(["a1", "a2"], received.Where(message => message.Group == "a").Select(message => message.Body));
        Assert.Equal(["b1"], received.Where(message => message.Group == "b").Select(message => message.Body));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Who_is_unsubscribed_gets_nothing_more_and_keeps_what_came(string first, string second)
    {
        (string topic, string queue) = await SubscribeAsync(first, new SubscriptionTerms());
        await _fronts[first].PublishAsync(topic, new FrontSend("1"));

        Assert.Equal("", await _fronts[second].UnsubscribeAsync(topic, queue));
        await _fronts[first].PublishAsync(topic, new FrontSend("2"));

        Assert.Equal(["1"], await BodiesAsync(second, queue));
        Assert.Equal("", (await _fronts[first].ListAsync(topic)).Outcome);
        Assert.Empty((await _fronts[first].ListAsync(topic)).Subscriptions);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task What_has_no_queue_any_more_goes_to_the_dead_letter_queue(string first, string second)
    {
        string dead = await CreateQueueAsync(first);
        (string topic, string queue) = await SubscribeAsync(first, new SubscriptionTerms(DeadLetter: dead));
        await _queues[second].DeleteQueueAsync(queue);

        Assert.Equal([""], await _fronts[second].PublishAsync(topic, new FrontSend("1")));

        Assert.Equal(["1"], await BodiesAsync(first, dead));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Subscriptions_are_told_alike(string first, string second)
    {
        string topic = await CreateTopicAsync(first), dead = await CreateQueueAsync(first);
        FrontSubscription[] wanted =
        [
            new(await CreateQueueAsync(first), new SubscriptionTerms(IsRaw: false)), new(await CreateQueueAsync(first), new SubscriptionTerms(Filter: new FrontFilter(true, """{"a":{"b":["c"]}}"""))),
            new(await CreateQueueAsync(first), new SubscriptionTerms(Filter: new FrontFilter(false, """{"a":["b"]}"""), DeadLetter: dead)),
        ];
        foreach (FrontSubscription one in wanted) Assert.Equal("", await _fronts[one == wanted[0] ? second : first].SubscribeAsync(topic, one.Queue, one.Terms));

        Assert.Equal(wanted.OrderBy(one => one.Queue), (await _fronts[second].ListAsync(topic)).Subscriptions.OrderBy(one => one.Queue));
        Assert.Equal("", await _fronts[second].DeleteTopicAsync(topic));
        Assert.Equal("topicNotFound", (await _fronts[first].ListAsync(topic)).Outcome);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Topics_are_listed_by_their_prefix_in_order(string first, string second)
    {
        string prefix = GrpcServer.NewName() + "-";
        foreach (string name in (string[])["b", "a", "c"]) await _fronts[name == "a" ? first : second].CreateTopicAsync(prefix + name);

        Assert.Equal([prefix + "a", prefix + "b", prefix + "c"], await _fronts[first].ListTopicsAsync(prefix));
    }

    [Theory]
    [InlineData(Fronts.Rest)]
    [InlineData(Fronts.Grpc)]
    [InlineData(Fronts.Aws)]
    public async Task Refusals_are_the_same(string name)
    {
        ISubscriptionFront front = _fronts[name];
        (string topic, string taken) = await SubscribeAsync(name, new SubscriptionTerms());
        string queue = await CreateQueueAsync(name), fifo = await CreateQueueAsync(name, isFifo: true);

        Assert.Equal("topicNotFound", await front.SubscribeAsync("nobody", queue, new SubscriptionTerms()));
        Assert.Equal("queueNotFound", await front.SubscribeAsync(topic, "nobody", new SubscriptionTerms()));
        Assert.Equal("queueNotFound", await front.SubscribeAsync(topic, queue, new SubscriptionTerms(DeadLetter: "nobody")));
        Assert.Equal("invalidValue", await front.SubscribeAsync(topic, fifo, new SubscriptionTerms()));
        Assert.Equal("invalidValue", await front.SubscribeAsync(topic, queue, new SubscriptionTerms(Filter: new FrontFilter(false, """{"n":"7"}"""))));
        Assert.Equal("targetInUse", await front.SubscribeAsync(topic, taken, new SubscriptionTerms(IsRaw: false)));
        Assert.Equal("invalidValue", await front.FilterAsync(topic, taken, new FrontFilter(true, """{"n":[{"numeric":["=","x"]}]}""")));
        Assert.Equal("topicNotFound", (await front.ListAsync("nobody")).Outcome);
        Assert.Equal(["topicNotFound"], await front.PublishAsync("nobody", new FrontSend("1")));
        Assert.Equal([new FrontSubscription(taken, new SubscriptionTerms())], (await front.ListAsync(topic)).Subscriptions);
    }

    private async Task<(string Topic, string Queue)> SubscribeAsync(string front, SubscriptionTerms terms, bool isFifo = false)
    {
        string topic = await CreateTopicAsync(front, isFifo), queue = await CreateQueueAsync(front, isFifo);
        Assert.Equal("", await _fronts[front].SubscribeAsync(topic, queue, terms));
        return (topic, queue);
    }

    private async Task<string> CreateTopicAsync(string front, bool isFifo = false)
    {
        string name = GrpcServer.NewName() + (isFifo ? ".fifo" : "");
        Assert.Equal("", await _fronts[front].CreateTopicAsync(name, isFifo));
        return name;
    }

    private async Task<string> CreateQueueAsync(string front, bool isFifo = false)
    {
        string name = GrpcServer.NewName() + (isFifo ? ".fifo" : "");
        Assert.Equal("", await _queues[front].CreateQueueAsync(name, new QueueTerms { IsFifo = isFifo }));
        return name;
    }

    private async Task<IEnumerable<string>> BodiesAsync(string front, string queue) => (await _queues[front].ReceiveAsync(queue)).Messages.Select(message => message.Body);
}
