using Messaging.Grpc.Tests.Conformance.Operations;
using Messaging.Grpc.Tests.Conformance.Queues;
using Messaging.Grpc.Tests.Conformance.Topics;
using Messaging.Grpc.Tests.Conformance.Transactions;

namespace Messaging.Grpc.Tests.Conformance.Idempotency;

/// <summary>
/// What is asked again under an idempotency key has no second effect, over every front that has them. A key stands for a request as its front writes it: the same of another front is another request, which is refused and not
/// done twice.
/// </summary>
public sealed class IdempotencyConformanceTests(Fronts fronts) : IClassFixture<Fronts>
{
    private const string Reused = "idempotencyKeyReused";

    private readonly GrpcQueueFront _queues = new(fronts.Server.Channel);
    private readonly GrpcTopicFront _topics = new(fronts.Server.Channel);
    private readonly string _queue = GrpcServer.NewName(), _other = GrpcServer.NewName(), _topic = GrpcServer.NewName(), _key = GrpcServer.NewName();

    public static TheoryData<string, string> Pairs() => Fronts.Pairs(Fronts.Rest, Fronts.Grpc);

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_send_is_stored_once(string first, string second)
    {
        await CreateQueuesAsync();
        IQueueFront under = Queues(first, _key);

        Assert.Equal([""], await under.SendAsync(_queue, new FrontSend("1")));
        Assert.Equal([""], await under.SendAsync(_queue, new FrontSend("1")));
        Assert.Equal([first == second ? "" : Reused], await Queues(second, _key).SendAsync(_queue, new FrontSend("1")));
        Assert.Equal([Reused], await under.SendAsync(_queue, new FrontSend("2")));
        // A key is one of its queue.
        Assert.Equal([""], await Queues(second, _key).SendAsync(_other, new FrontSend("3")));

        Assert.Equal(["1"], await BodiesAsync(_queue));
        Assert.Equal(["3"], await BodiesAsync(_other));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task What_a_send_was_refused_is_told_again_of_each_entry(string first, string second)
    {
        await CreateQueuesAsync();
        FrontSend[] messages = [new("1"), new("2", Number: "x"), new("3")];

        Assert.Equal(["", "invalidValue", ""], await Queues(first, _key).SendAsync(_queue, messages));
        Assert.Equal(first == second ? ["", "invalidValue", ""] : [Reused], await Queues(second, _key).SendAsync(_queue, messages));

        Assert.Equal(["1", "3"], await BodiesAsync(_queue));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_publish_is_stored_once_and_told_its_place_again(string first, string second)
    {
        await _topics.CreateTopicAsync(_topic, new TopicTerms(Partitions: 4));
        ITopicFront under = Topics(first, _key);

        FrontPublished[] published = await under.PublishAsync(_topic, null, new FrontRecord("1"), new FrontRecord("2"));
        Assert.Equal(["", ""], published.Select(one => one.Outcome));
        Assert.Equal(published, await under.PublishAsync(_topic, null, new FrontRecord("1"), new FrontRecord("2")));
        Assert.Equal(first == second ? published : [new FrontPublished(Reused)], await Topics(second, _key).PublishAsync(_topic, null, new FrontRecord("1"), new FrontRecord("2")));
        Assert.Equal([new FrontPublished(Reused)], await under.PublishAsync(_topic, null, new FrontRecord("3")));

        Assert.Equal(2, (await _topics.ListPartitionsAsync(_topic)).Partitions.Sum(partition => partition.HighWatermark));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_transaction_is_done_once(string first, string second)
    {
        await CreateQueuesAsync();
        await _topics.CreateTopicAsync(_topic, new TopicTerms());
        FrontOperation send = new FrontOperation.Send(_queue, "1"), publish = new FrontOperation.Publish(_topic, "1");

        Assert.Equal("", await Transactions(first, _key).RunAsync(send, publish));
        Assert.Equal("", await Transactions(first, _key).RunAsync(send, publish));
        Assert.Equal(first == second ? "" : Reused, await Transactions(second, _key).RunAsync(send, publish));
        Assert.Equal(Reused, await Transactions(first, _key).RunAsync(send));

        Assert.Equal(["1"], await BodiesAsync(_queue));
        Assert.Equal(["1"], (await _topics.FetchAsync(_topic, 0, 0)).Bodies);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_redrive_is_begun_once(string first, string second)
    {
        await CreateQueuesAsync();
        await _queues.SendAsync(_queue, new("1"), new("2"), new("3"));

        Assert.Equal("", await Redrives(first, _key).RedriveAsync(_queue, _other, perSecond: 1));
        Assert.Equal("", await Redrives(first, _key).RedriveAsync(_queue, _other, perSecond: 1));
        Assert.Equal(first == second ? "" : Reused, await Redrives(second, _key).RedriveAsync(_queue, _other, perSecond: 1));
        Assert.Equal(Reused, await Redrives(first, _key).RedriveAsync(_queue, _other, perSecond: 2));
        Assert.Equal("redriveRunning", await Redrives(first, _key + "2").RedriveAsync(_queue, _other, perSecond: 1));
    }

    [Theory]
    [InlineData(Fronts.Rest)]
    [InlineData(Fronts.Grpc)]
    public async Task Refusals_are_the_same(string name)
    {
        await CreateQueuesAsync();
        await _topics.CreateTopicAsync(_topic, new TopicTerms());
        FrontProducer producer = (await Transactions(name, null).InitProducerAsync(null)).Producer!;

        foreach (string malformed in (string[])["", "a b", new string('k', 129)]) Assert.Equal(["invalidValue"], await Queues(name, malformed).SendAsync(_queue, new FrontSend("1")));
        Assert.Equal("notSupported", await Queues(name, _key).CreateQueueAsync(_other, new QueueTerms()));
        Assert.Equal(["notSupported"], await Queues(name, _key).AcknowledgeAsync(_queue, "none"));
        Assert.Equal("notSupported", await Topics(name, _key).CreateTopicAsync(_topic, new TopicTerms()));
        // Its sequences do what a key does.
        Assert.Equal([new FrontPublished("invalidValue")], await Topics(name, _key).PublishAsync(_topic, producer, new FrontRecord("1", Partition: 0, Sequence: 0)));
        // A commit has the same effect however often it is done.
        Assert.Equal("invalidValue", await Transactions(name, _key).RunAsync(new FrontOperation.Commit("g", _topic, 0)));
        // What is not done is not remembered.
        Assert.Equal(["queueNotFound"], await Queues(name, _key).SendAsync("nobody", new FrontSend("1")));
        Assert.Equal([""], await Queues(name, _key).SendAsync(_queue, new FrontSend("1")));
        Assert.Equal(["1"], await BodiesAsync(_queue));
    }

    private async Task CreateQueuesAsync()
    {
        foreach (string queue in (string[])[_queue, _other]) Assert.Equal("", await _queues.CreateQueueAsync(queue, new QueueTerms()));
    }

    private IQueueFront Queues(string front, string? key) => front == Fronts.Rest ? new RestQueueFront(Rest(key)) : new GrpcQueueFront(Grpc(key));

    private ITopicFront Topics(string front, string? key) => front == Fronts.Rest ? new RestTopicFront(Rest(key)) : new GrpcTopicFront(Grpc(key));

    private ITransactionFront Transactions(string front, string? key) => front == Fronts.Rest ? new RestTransactionFront(Rest(key)) : new GrpcTransactionFront(Grpc(key));

    private IRedriveFront Redrives(string front, string? key) => front == Fronts.Rest ? new RestRedriveFront(Rest(key)) : new GrpcRedriveFront(Grpc(key));

    private RestCalls Rest(string? key) => key is null ? fronts.RestCalls : fronts.RestCalls.With("Idempotency-Key", key);

    private global::Grpc.Core.CallInvoker Grpc(string? key) => key is null ? fronts.Server.Channel : fronts.Server.Channel.With("idempotency-key", key);

    private async Task<IEnumerable<string>> BodiesAsync(string queue) => (await _queues.ReceiveAsync(queue)).Messages.Select(message => message.Body);
}
