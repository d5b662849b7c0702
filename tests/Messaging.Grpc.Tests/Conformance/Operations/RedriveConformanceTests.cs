using Messaging.Grpc.Tests.Conformance.Queues;

namespace Messaging.Grpc.Tests.Conformance.Operations;

/// <summary>Redrives have the same outcomes whoever asks: each scenario runs over every front, and over each with another one behind it.</summary>
public sealed class RedriveConformanceTests(Fronts fronts) : IClassFixture<Fronts>
{
    private readonly Dictionary<string, IQueueFront> _queues = new()
    {
        [Fronts.Rest] = new RestQueueFront(fronts.RestCalls), [Fronts.Grpc] = new GrpcQueueFront(fronts.Server.Channel), [Fronts.Aws] = new SqsQueueFront(fronts.AwsCalls),
    };

    private readonly Dictionary<string, IRedriveFront> _fronts = new()
    {
        [Fronts.Rest] = new RestRedriveFront(fronts.RestCalls), [Fronts.Grpc] = new GrpcRedriveFront(fronts.Server.Channel), [Fronts.Aws] = new SqsRedriveFront(fronts.AwsCalls),
    };

    private readonly string _queue = GrpcServer.NewName(), _dead = GrpcServer.NewName(), _other = GrpcServer.NewName();

    public static TheoryData<string, string> Pairs() => Fronts.Pairs(Fronts.Rest, Fronts.Grpc, Fronts.Aws);

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_dead_letter_goes_back_to_where_it_came_from(string first, string second)
    {
        await CreateAsync(first);
        await _queues[first].SendAsync(_queue, new FrontSend("1"));
        FrontDelivery once = (await _queues[second].ReceiveAsync(_queue)).Messages.Single();
        await _queues[second].ExtendAsync(_queue, once.Receipt, 0);
        Assert.Empty((await _queues[first].ReceiveAsync(_queue)).Messages);
        // Under no lease, or it would stay where it is.
        while ((await _queues[second].ReceiveAsync(_dead, leaseSeconds: 0)).Messages.Length == 0) ;

        Assert.Null(await _fronts[second].FindAsync(_dead));
        Assert.Equal("", await _fronts[first].RedriveAsync(_dead));

        Assert.Equal(new FrontRedrive("completed", null, null, 1), await EndOfAsync(second));
        Assert.Equal(await _fronts[second].FindAsync(_dead), await _fronts[first].FindAsync(_dead));
        Assert.Equal([("1", null, 1, null)], (await _queues[second].ReceiveAsync(_queue)).Messages.Select(message => message.Told));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_redrive_goes_elsewhere_and_is_ended_by_whoever_asks(string first, string second)
    {
        await CreateAsync(second);
        // More than are moved before it is ended, at one a second.
        FrontSend[] ten = [.. Enumerable.Range(0, 10).Select(number => new FrontSend($"{number}"))];
        foreach (string name in (string[])[first, second]) await _queues[name].SendAsync(_dead, ten);

        Assert.Equal("", await _fronts[first].RedriveAsync(_dead, _other, perSecond: 1));
        Assert.Equal("redriveRunning", await _fronts[second].RedriveAsync(_dead, _other));
        Assert.Equal("", await _fronts[second].CancelAsync(_dead));

        FrontRedrive ended = await EndOfAsync(first);
        Assert.Equal(("cancelled", _other, 1), (ended.Status, ended.Destination, ended.PerSecond));
        Assert.InRange(ended.Moved, 0, 19);
        Assert.Equal("", await _fronts[second].RedriveAsync(_dead, _other));
        Assert.Equal(new FrontRedrive("completed", _other, null, 20 - ended.Moved), await EndOfAsync(first));
    }

    [Theory]
    [InlineData(Fronts.Rest)]
    [InlineData(Fronts.Grpc)]
    [InlineData(Fronts.Aws)]
    public async Task Refusals_are_the_same(string name)
    {
        await CreateAsync(name);

        Assert.Equal("queueNotFound", await _fronts[name].RedriveAsync("nobody"));
        Assert.Equal("queueNotFound", await _fronts[name].RedriveAsync(_dead, "nobody"));
        Assert.Null(await _fronts[name].FindAsync(_dead));
    }

    private async Task CreateAsync(string front)
    {
        foreach (string name in (string[])[_dead, _other]) Assert.Equal("", await _queues[front].CreateQueueAsync(name, new QueueTerms()));
        Assert.Equal("", await _queues[front].CreateQueueAsync(_queue, new QueueTerms { DeadLetter = (_dead, 1) }));
    }

    // It ends in the step after the one that has moved the last message.
    private async Task<FrontRedrive> EndOfAsync(string front)
    {
        while (true)
        {
            FrontRedrive redrive = (await _fronts[front].FindAsync(_dead))!;
            if (redrive.Status is not ("running" or "cancelling")) return redrive;
        }
    }
}
