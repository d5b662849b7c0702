namespace Messaging.Grpc.Tests.Conformance.Queues;

/// <summary>
/// The operations of the broker on queues have the same outcomes whoever asks: each scenario runs over every front, and over each with another one behind it, which takes what the first has put.
/// </summary>
public sealed class QueueConformanceTests(Fronts fronts) : IClassFixture<Fronts>
{
    private readonly Dictionary<string, IQueueFront> _fronts = new()
    {
        [Fronts.Rest] = new RestQueueFront(fronts.RestCalls), [Fronts.Grpc] = new GrpcQueueFront(fronts.Server.Channel), [Fronts.Aws] = new SqsQueueFront(fronts.AwsCalls),
    };

    public static TheoryData<string, string> Pairs() => Fronts.Pairs(Fronts.Rest, Fronts.Grpc, Fronts.Aws);

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Messages_are_sent_received_and_acknowledged(string first, string second)
    {
        string queue = await CreateAsync(first, new QueueTerms());

        Assert.Equal(["", ""], await _fronts[first].SendAsync(queue, new FrontSend("1", Number: "7.50"), new FrontSend("2", Group: "g")));
        (string outcome, FrontDelivery[] messages) = await _fronts[second].ReceiveAsync(queue);

        Assert.Equal("", outcome);
        Assert.Equal([("1", null, 1, "7.50"), ("2", "g", 1, null)], messages.Select(message => message.Told));
        // A receipt is its front's own.
        Assert.Equal(["", ""], await _fronts[second].AcknowledgeAsync(queue, [.. messages.Select(message => message.Receipt)]));
        Assert.Empty((await _fronts[first].ReceiveAsync(queue)).Messages);
        // Once more is done already.
        Assert.Equal([""], await _fronts[second].AcknowledgeAsync(queue, messages[0].Receipt));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_lease_that_is_ended_delivers_again(string first, string second)
    {
        string queue = await CreateAsync(first, new QueueTerms());
        await _fronts[first].SendAsync(queue, new FrontSend("1"));
        FrontDelivery once = (await _fronts[first].ReceiveAsync(queue)).Messages.Single();

        Assert.Equal("", await _fronts[first].ExtendAsync(queue, once.Receipt, 0));
        FrontDelivery twice = (await _fronts[second].ReceiveAsync(queue)).Messages.Single();

        Assert.Equal((once.Id, 2), (twice.Id, twice.ReceiveCount));
        Assert.Equal([""], await _fronts[second].AcknowledgeAsync(queue, twice.Receipt));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_FIFO_queue_keeps_the_order_of_a_group_and_stores_a_message_once(string first, string second)
    {
        string queue = await CreateAsync(first, new QueueTerms { IsFifo = true }, ".fifo");

        Assert.Equal(["", "", "", ""], await _fronts[first].SendAsync(queue, new("a1", "a", "1"), new("a2", "a", "2"), new("b1", "b", "3"), new("a1", "a", "1")));
        (_, FrontDelivery[] messages) = await _fronts[second].ReceiveAsync(queue);

        Assert.Equal(["a1", "a2"], messages.Where(message => message.Group == "a").Select(message => message.Body));
        Assert.Equal(["b1"], messages.Where(message => message.Group == "b").Select(message => message.Body));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Content_is_deduplicated_across_fronts(string first, string second)
    {
        string queue = await CreateAsync(first, new QueueTerms { IsFifo = true, IsDeduplicatedByContent = true }, ".fifo");

        await _fronts[first].SendAsync(queue, new FrontSend("same", "g"));
        await _fronts[second].SendAsync(queue, new FrontSend("same", "g"));

        Assert.Single((await _fronts[first].ReceiveAsync(queue)).Messages);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task What_is_received_too_often_goes_to_the_dead_letter_queue(string first, string second)
    {
        string dead = await CreateAsync(second, new QueueTerms());
        string queue = await CreateAsync(first, new QueueTerms { DeadLetter = (dead, 1) });
        await _fronts[first].SendAsync(queue, new FrontSend("1"));
        FrontDelivery once = (await _fronts[second].ReceiveAsync(queue)).Messages.Single();
        await _fronts[second].ExtendAsync(queue, once.Receipt, 0);

        Assert.Empty((await _fronts[first].ReceiveAsync(queue)).Messages);
        FrontDelivery[] letters;
        do letters = (await _fronts[second].ReceiveAsync(dead)).Messages;
        while (letters.Length == 0);

        Assert.Equal((once.Id, "1"), (letters.Single().Id, letters.Single().Body));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_delayed_message_is_not_there_yet(string first, string second)
    {
        string queue = await CreateAsync(first, new QueueTerms { DelaySeconds = 100 });

        await _fronts[second].SendAsync(queue, new FrontSend("later"), new FrontSend("now", DelaySeconds: 0));

        Assert.Equal(["now"], (await _fronts[first].ReceiveAsync(queue)).Messages.Select(message => message.Body));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_purge_and_a_deletion_hold_for_all(string first, string second)
    {
        string queue = await CreateAsync(first, new QueueTerms());
        await _fronts[first].SendAsync(queue, new FrontSend("1"));

        Assert.Equal("", await _fronts[second].PurgeQueueAsync(queue));
        Assert.Empty((await _fronts[first].ReceiveAsync(queue)).Messages);
        Assert.Equal("", await _fronts[first].DeleteQueueAsync(queue));
        Assert.Equal("queueNotFound", (await _fronts[second].ReceiveAsync(queue)).Outcome);
        Assert.Equal(["queueNotFound"], await _fronts[second].SendAsync(queue, new FrontSend("2")));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Queues_are_listed_by_their_prefix_in_order(string first, string second)
    {
        string prefix = GrpcServer.NewName() + "-";
        foreach (string name in (string[])["b", "a", "c"]) await _fronts[name == "a" ? first : second].CreateQueueAsync(prefix + name, new QueueTerms());

        Assert.Equal([prefix + "a", prefix + "b", prefix + "c"], await _fronts[first].ListQueuesAsync(prefix));
        Assert.Equal(await _fronts[first].ListQueuesAsync(prefix), await _fronts[second].ListQueuesAsync(prefix));
    }

    [Theory]
    [InlineData(Fronts.Rest)]
    [InlineData(Fronts.Grpc)]
    [InlineData(Fronts.Aws)]
    public async Task Refusals_are_the_same(string name)
    {
        IQueueFront front = _fronts[name];
        string queue = await CreateAsync(name, new QueueTerms { MaxMessageBytes = 1_024 });

        Assert.Equal(["", "messageTooLarge", ""], await front.SendAsync(queue, new("1"), new(new string('x', 1_025)), new("2")));
        Assert.Equal(["receiptInvalid"], await front.AcknowledgeAsync(queue, "none"));
        Assert.Equal("queueNotFound", (await front.ReceiveAsync("nobody")).Outcome);
        Assert.Equal("queueNotFound", await front.PurgeQueueAsync("nobody"));
        Assert.Equal("queueNotFound", await front.DeleteQueueAsync("nobody"));
    }

    [Theory]
    [InlineData(Fronts.Rest)]
    [InlineData(Fronts.Grpc)]
    public async Task What_is_out_of_bounds_is_refused_alike(string name)
    {
        IQueueFront front = _fronts[name];
        string queue = await CreateAsync(name, new QueueTerms()), fifo = await CreateAsync(name, new QueueTerms { IsFifo = true }), other = await CreateAsync(name, new QueueTerms());
        await front.SendAsync(queue, new FrontSend("1"));
        string receipt = (await front.ReceiveAsync(queue)).Messages.Single().Receipt;

        string[] invalid =
        [
            await front.CreateQueueAsync(GrpcServer.NewName(), new QueueTerms { MaxMessageBytes = 1_023 }), await front.CreateQueueAsync(GrpcServer.NewName(), new QueueTerms { DelaySeconds = -1 }),
            await front.CreateQueueAsync(GrpcServer.NewName(), new QueueTerms { DeadLetter = (queue, 0) }),
            .. await front.SendAsync(queue, new FrontSend("1", Number: "x")), .. await front.SendAsync(queue, new FrontSend("1", DelaySeconds: 31_536_001)),
            .. await front.SendAsync(queue, new FrontSend("1", DelaySeconds: -1)), .. await front.SendAsync(queue, new FrontSend("1", Group: new string('g', 256))),
            .. await front.SendAsync(fifo, new FrontSend("1", DeduplicationId: "1")), .. await front.SendAsync(fifo, new FrontSend("1", "g", new string('d', 256))),
            (await front.ReceiveAsync(queue, leaseSeconds: 43_201)).Outcome, (await front.ReceiveAsync(queue, leaseSeconds: -1)).Outcome, await front.ExtendAsync(queue, receipt, 43_201),
        ];

        Assert.Equal(Enumerable.Repeat("invalidValue", invalid.Length), invalid);
        Assert.Equal("deadLetterInvalid", await front.CreateQueueAsync(GrpcServer.NewName(), new QueueTerms { DeadLetter = ("nobody", 1) }));
        Assert.Equal("immutable", await front.CreateQueueAsync(queue, new QueueTerms { IsFifo = true }));
        Assert.Equal(["batchEmpty"], await front.SendAsync(queue));
        Assert.Equal(["batchTooLarge"], await front.SendAsync(queue, [.. Enumerable.Repeat(new FrontSend("1"), 1_001)]));
        Assert.Equal(["batchEmpty"], await front.AcknowledgeAsync(queue));
        Assert.Equal(["receiptOfAnotherQueue"], await front.AcknowledgeAsync(other, receipt));
        Assert.Equal([""], await front.AcknowledgeAsync(queue, receipt));
    }

    private async Task<string> CreateAsync(string front, QueueTerms terms, string suffix = "")
    {
        string name = GrpcServer.NewName() + suffix;
        Assert.Equal("", await _fronts[front].CreateQueueAsync(name, terms));
        return name;
    }
}
