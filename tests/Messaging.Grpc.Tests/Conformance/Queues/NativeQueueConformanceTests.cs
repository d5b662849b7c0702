namespace Messaging.Grpc.Tests.Conformance.Queues;

/// <summary>What only REST and gRPC can do with queues has the same outcomes whoever asks: each scenario runs over both, and over each with the other one behind it.</summary>
public sealed class NativeQueueConformanceTests(Fronts fronts) : IClassFixture<Fronts>
{
    private readonly Dictionary<string, IQueueFront> _queues = new() { [Fronts.Rest] = new RestQueueFront(fronts.RestCalls), [Fronts.Grpc] = new GrpcQueueFront(fronts.Server.Channel) };
    private readonly Dictionary<string, INativeQueueFront> _fronts = new() { [Fronts.Rest] = new RestNativeQueueFront(fronts.RestCalls), [Fronts.Grpc] = new GrpcNativeQueueFront(fronts.Server) };
    private readonly string _queue = GrpcServer.NewName(), _dead = GrpcServer.NewName();

    public static TheoryData<string, string> Pairs() => Fronts.Pairs(Fronts.Rest, Fronts.Grpc);

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Messages_are_counted_and_browsed_by_their_state(string first, string second)
    {
        await CreateAsync(first);
        await _queues[first].SendAsync(_queue, new("1"), new("2"), new("later", DelaySeconds: 1_000));
        Assert.Equal("", await _fronts[second].PatchAsync(_queue, 77));
        await _fronts[first].ReleaseAsync(_queue, (await _queues[first].ReceiveAsync(_queue)).Messages[1].Receipt, 0);

        Assert.Equal(("", new FrontQueue(77, 1, 1, 1)), await _fronts[first].GetAsync(_queue));
        (string outcome, FrontMessage[] messages) = await _fronts[second].BrowseAsync(_queue);
        Assert.Equal("", outcome);
        Assert.Equal([("1", "leased", 1), ("2", "ready", 1), ("later", "delayed", 0)], messages.Select(message => (message.Body, message.State, message.ReceiveCount)));
        Assert.Equal(messages, (await _fronts[first].BrowseAsync(_queue)).Messages);
        foreach (FrontMessage message in messages)
        {
            Assert.Equal([message], (await _fronts[first].BrowseAsync(_queue, message.State)).Messages);
            Assert.Equal(("", message), await _fronts[second].LookAtAsync(_queue, message.Id));
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_message_that_is_released_by_another_front_is_ready_when_it_was_said(string first, string second)
    {
        await CreateAsync(first);
        await _queues[first].SendAsync(_queue, new("now"), new("later"));
        FrontDelivery[] received = (await _queues[first].ReceiveAsync(_queue)).Messages;

        Assert.Equal("", await _fronts[second].ReleaseAsync(_queue, received[0].Receipt, 0));
        Assert.Equal("", await _fronts[second].ReleaseAsync(_queue, received[1].Receipt, 31_536_000));

        Assert.Equal([("now", null, 2, null)], (await _queues[first].ReceiveAsync(_queue)).Messages.Select(message => message.Told));
        Assert.Equal("receiptStale", await _fronts[second].ReleaseAsync(_queue, received[0].Receipt, 0));
        Assert.Equal("notLeased", await _fronts[second].ReleaseAsync(_queue, received[1].Receipt, 0));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_message_that_is_given_back_unhandled_by_another_front_has_not_been_received(string first, string second)
    {
        await CreateAsync(first);
        await _queues[first].SendAsync(_queue, new FrontSend("1"));
        string receipt = (await _queues[first].ReceiveAsync(_queue)).Messages.Single().Receipt;

        Assert.Equal("", await _fronts[second].ReleaseAsync(_queue, receipt, 0, isUnhandled: true));
        Assert.Equal("notLeased", await _fronts[second].ReleaseAsync(_queue, receipt, 0, isUnhandled: true));

        Assert.Equal(("ready", 0), (await _fronts[first].BrowseAsync(_queue)).Messages.Select(message => (message.State, message.ReceiveCount)).Single());
        FrontDelivery again = (await _queues[first].ReceiveAsync(_queue)).Messages.Single();
        Assert.Equal("receiptStale", await _fronts[second].ReleaseAsync(_queue, receipt, 0, isUnhandled: true));
        Assert.Equal("", await _fronts[second].ReleaseAsync(_queue, again.Receipt, 0, isUnhandled: true));
        FrontDelivery overSqs = (await new SqsQueueFront(fronts.AwsCalls).ReceiveAsync(_queue)).Messages.Single();
        Assert.All([again, overSqs], message => Assert.Equal(("1", null, 1, null), message.Told));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_message_that_is_rejected_tells_why_and_from_where(string first, string second)
    {
        await CreateAsync(first);
        await _queues[first].SendAsync(_queue, new FrontSend("1"));
        FrontDelivery received = (await _queues[first].ReceiveAsync(_queue)).Messages.Single();

        Assert.Equal("", await _fronts[second].RejectAsync(_queue, received.Receipt, "no such customer"));

        Assert.Equal((_queue, "rejected", "no such customer"), (await _fronts[first].BrowseAsync(_dead)).Messages.Single().Origin);
        Assert.Equal(("", new FrontQueue(30, 0, 0, 0)), await _fronts[second].GetAsync(_queue));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_message_that_nobody_has_is_cancelled_by_another_front(string first, string second)
    {
        await CreateAsync(first);
        await _queues[first].SendAsync(_queue, new("leased"), new("later", DelaySeconds: 1_000));
        await _queues[first].ReceiveAsync(_queue);
        FrontMessage[] messages = (await _fronts[first].BrowseAsync(_queue)).Messages;

        Assert.Equal("messageLeased", await _fronts[second].CancelAsync(_queue, messages[0].Id));
        Assert.Equal("", await _fronts[second].CancelAsync(_queue, messages[1].Id));
        Assert.Equal("messageNotFound", await _fronts[first].CancelAsync(_queue, messages[1].Id));
        Assert.Equal(("messageNotFound", null), await _fronts[first].LookAtAsync(_queue, messages[1].Id));
    }

    [Theory]
    [InlineData(Fronts.Rest)]
    [InlineData(Fronts.Grpc)]
    public async Task Refusals_are_the_same(string name)
    {
        INativeQueueFront front = _fronts[name];
        await CreateAsync(name);
        await _queues[name].SendAsync(_dead, new FrontSend("1"));
        string receipt = (await _queues[name].ReceiveAsync(_dead)).Messages.Single().Receipt, id = Guid.Empty.ToString();

        Assert.Equal("queueNotFound", await front.PatchAsync("nobody", 1));
        Assert.Equal(("queueNotFound", null), await front.GetAsync("nobody"));
        Assert.Equal("queueNotFound", await front.ReleaseAsync("nobody", receipt, 0));
        Assert.Equal("queueNotFound", await front.RejectAsync("nobody", receipt, ""));
        Assert.Equal("queueNotFound", (await front.BrowseAsync("nobody")).Outcome);
        Assert.Equal("queueNotFound", (await front.LookAtAsync("nobody", id)).Outcome);
        Assert.Equal("queueNotFound", await front.CancelAsync("nobody", id));
        Assert.Equal("invalidValue", await front.PatchAsync(_queue, 43_201));
        Assert.Equal("invalidValue", await front.ReleaseAsync(_dead, receipt, 31_536_001));
        Assert.Equal("invalidValue", await front.RejectAsync(_dead, receipt, new string('r', 1_025)));
        Assert.Equal("noDeadLetterQueue", await front.RejectAsync(_dead, receipt, ""));
        Assert.Equal("receiptOfAnotherQueue", await front.ReleaseAsync(_queue, receipt, 0));
        Assert.Equal("invalidValue", await front.CancelAsync(_queue, "7"));
        Assert.Equal("invalidValue", (await front.LookAtAsync(_queue, "7")).Outcome);
        Assert.Equal("messageNotFound", (await front.LookAtAsync(_queue, id)).Outcome);
    }

    private async Task CreateAsync(string front)
    {
        Assert.Equal("", await _queues[front].CreateQueueAsync(_dead, new QueueTerms()));
        Assert.Equal("", await _queues[front].CreateQueueAsync(_queue, new QueueTerms { DeadLetter = (_dead, 5) }));
    }
}
