using Messaging.Grpc.Tests.Conformance.Groups;
using Messaging.Grpc.Tests.Conformance.Queues;
using Messaging.Grpc.Tests.Conformance.Topics;

namespace Messaging.Grpc.Tests.Conformance.Transactions;

/// <summary>Transactions of one call have the same outcomes whoever asks: each scenario runs over every front that has them, and over each with the other one behind it.</summary>
public sealed class TransactionConformanceTests(Fronts fronts) : IClassFixture<Fronts>
{
    private readonly Dictionary<string, IQueueFront> _queues = new() { [Fronts.Rest] = new RestQueueFront(fronts.RestCalls), [Fronts.Grpc] = new GrpcQueueFront(fronts.Server.Channel) };
    private readonly Dictionary<string, ITopicFront> _topics = new() { [Fronts.Rest] = new RestTopicFront(fronts.RestCalls), [Fronts.Grpc] = new GrpcTopicFront(fronts.Server.Channel) };
    private readonly Dictionary<string, IGroupFront> _groups = new() { [Fronts.Rest] = new RestGroupFront(fronts.RestCalls), [Fronts.Grpc] = new GrpcGroupFront(fronts.Server) };
    private readonly Dictionary<string, ITransactionFront> _fronts = new() { [Fronts.Rest] = new RestTransactionFront(fronts.RestCalls), [Fronts.Grpc] = new GrpcTransactionFront(fronts.Server.Channel) };
    private readonly string _from = GrpcServer.NewName(), _to = GrpcServer.NewName(), _topic = GrpcServer.NewName(), _group = GrpcServer.NewName();

    public static TheoryData<string, string> Pairs() => Fronts.Pairs(Fronts.Rest, Fronts.Grpc);

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task What_was_received_is_done_and_what_follows_from_it_is_there(string first, string second)
    {
        string receipt = await PrepareAsync(second);
        FrontOperation[] operations =
        [
            new FrontOperation.Acknowledge(_from, receipt), new FrontOperation.Send(_to, "invoice"), new FrontOperation.Publish(_topic, "sold"), new FrontOperation.Commit(_group, _topic, 1),
        ];

        Assert.Equal("", await _fronts[first].RunAsync(operations));

        Assert.Equal(["invoice"], (await _queues[second].ReceiveAsync(_to)).Messages.Select(message => message.Body));
        Assert.Equal(["earlier", "sold"], (await _topics[second].FetchAsync(_topic, 0, 0)).Bodies);
        Assert.Equal([new GroupProgress(_topic, 0, 1, "", 1)], (await _groups[second].GetOffsetsAsync(_group)).Offsets);
        Assert.Equal("messageGone", await _fronts[first].RunAsync(operations));
        Assert.Empty((await _queues[second].ReceiveAsync(_to)).Messages);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task An_operation_that_can_t_be_done_leaves_the_others_undone(string first, string second)
    {
        string receipt = await PrepareAsync(second);
        FrontOperation acknowledge = new FrontOperation.Acknowledge(_from, receipt), send = new FrontOperation.Send(_to, "x"), publish = new FrontOperation.Publish(_topic, "x");

        Assert.Equal("queueNotFound", await _fronts[first].RunAsync(acknowledge, send, publish, new FrontOperation.Send("nobody", "x")));
        Assert.Equal("topicNotFound", await _fronts[first].RunAsync(acknowledge, send, publish, new FrontOperation.Publish("nobody", "x")));
        Assert.Equal("offsetOutOfRange", await _fronts[first].RunAsync(acknowledge, send, publish, new FrontOperation.Commit(_group, _topic, 99)));
        Assert.Equal("messageTooLarge", await _fronts[first].RunAsync(acknowledge, publish, new FrontOperation.Send(_to, new string('x', 1_048_577))));

        Assert.Empty((await _queues[second].ReceiveAsync(_to)).Messages);
        Assert.Equal(["earlier"], (await _topics[second].FetchAsync(_topic, 0, 0)).Bodies);
        Assert.Equal("groupNotFound", (await _groups[second].GetOffsetsAsync(_group)).Outcome);
        Assert.Equal([""], await _queues[second].AcknowledgeAsync(_from, receipt));
    }

    [Theory]
    [InlineData(Fronts.Rest)]
    [InlineData(Fronts.Grpc)]
    public async Task Refusals_are_the_same(string name)
    {
        await PrepareAsync(name);
        FrontOperation send = new FrontOperation.Send(_to, "x");

        Assert.Equal("batchEmpty", await _fronts[name].RunAsync());
        Assert.Equal("batchTooLarge", await _fronts[name].RunAsync([.. Enumerable.Repeat(send, 101)]));
        Assert.Equal("invalidValue", await _fronts[name].RunAsync(send, send));
        Assert.Equal("receiptInvalid", await _fronts[name].RunAsync(send, new FrontOperation.Acknowledge(_from, "none")));
        Assert.Equal("invalidName", await _fronts[name].RunAsync(send, new FrontOperation.Publish("", "x")));
        Assert.Equal("invalidName", await _fronts[name].RunAsync(send, new FrontOperation.Commit("", _topic, 0)));
        Assert.Equal("batchEmpty", await _fronts[name].RunAsync(send, new FrontOperation.Commit(_group, _topic)));
        Assert.Equal("batchTooLarge", await _fronts[name].RunAsync(send, new FrontOperation.Commit(_group, _topic, new long[1_001])));
        Assert.Empty((await _queues[name].ReceiveAsync(_to)).Messages);
    }

    // The receipt of a message: fronts that have transactions have one form of it.
    private async Task<string> PrepareAsync(string front)
    {
        foreach (string queue in (string[])[_from, _to]) Assert.Equal("", await _queues[front].CreateQueueAsync(queue, new QueueTerms()));
        Assert.Equal("", await _topics[front].CreateTopicAsync(_topic, new TopicTerms()));
        await _topics[front].PublishAsync(_topic, null, new FrontRecord("earlier"));
        await _queues[front].SendAsync(_from, new FrontSend("order"));
        return (await _queues[front].ReceiveAsync(_from)).Messages.Single().Receipt;
    }
}
