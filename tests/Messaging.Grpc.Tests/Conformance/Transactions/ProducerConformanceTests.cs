using Messaging.Grpc.Tests.Conformance.Topics;

namespace Messaging.Grpc.Tests.Conformance.Transactions;

/// <summary>
/// What producers publish, and the transactions of their many calls, has the same outcomes whoever asks: each scenario runs over every front that has records, and over each with the other one behind it.
/// </summary>
public sealed class ProducerConformanceTests(Fronts fronts) : IClassFixture<Fronts>
{
    private readonly Dictionary<string, ITopicFront> _topics = new() { [Fronts.Rest] = new RestTopicFront(fronts.RestCalls), [Fronts.Grpc] = new GrpcTopicFront(fronts.Server.Channel) };
    private readonly Dictionary<string, ITransactionFront> _fronts = new() { [Fronts.Rest] = new RestTransactionFront(fronts.RestCalls), [Fronts.Grpc] = new GrpcTransactionFront(fronts.Server.Channel) };

    public static TheoryData<string, string> Pairs() => Fronts.Pairs(Fronts.Rest, Fronts.Grpc);

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task What_a_producer_sends_again_by_another_front_is_stored_once(string first, string second)
    {
        string topic = await CreateAsync();
        FrontProducer producer = (await _fronts[first].InitProducerAsync(null)).Producer!;
        FrontRecord[] records = [new("a", Partition: 0, Sequence: 0), new("b", Partition: 0, Sequence: 1)];

        Assert.Equal([new("", 0, 0), new("", 0, 1)], await _topics[first].PublishAsync(topic, producer, records));
        Assert.Equal([new("", 0, 0, IsDuplicate: true), new("", 0, 1, IsDuplicate: true)], await _topics[second].PublishAsync(topic, producer, records));
        Assert.Equal([new("outOfOrderSequence")], await _topics[second].PublishAsync(topic, producer, new FrontRecord("d", Partition: 0, Sequence: 3)));
        Assert.Equal([new("", 0, 2)], await _topics[second].PublishAsync(topic, producer, new FrontRecord("c", Partition: 0, Sequence: 2)));
        Assert.Equal(["a", "b", "c"], (await _topics[first].FetchAsync(topic, 0, 0)).Bodies);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_younger_instance_fences_its_elder_and_aborts_its_transaction(string first, string second)
    {
        string topic = await CreateAsync(), id = GrpcServer.NewName();
        FrontProducer elder = await BeginAsync(first, id);
        await _topics[first].PublishAsync(topic, elder, new FrontRecord("never"));

        FrontProducer younger = (await _fronts[second].InitProducerAsync(id)).Producer!;

        Assert.Equal(elder.Id, younger.Id);
        Assert.True(younger.Epoch > elder.Epoch);
        Assert.Equal([new("producerFenced")], await _topics[first].PublishAsync(topic, elder, new FrontRecord("late")));
        Assert.Equal("producerFenced", (await _fronts[first].BeginAsync(elder with { Transaction = null })).Outcome);
        Assert.Equal("producerFenced", (await _fronts[first].EndAsync(elder, isCommit: true)).Outcome);
        await _topics[second].PublishAsync(topic, null, new FrontRecord("always"));
        Assert.Equal(["always"], (await _topics[first].FetchAsync(topic, 0, 0, isCommittedOnly: true)).Bodies);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_transaction_that_two_fronts_fill_is_seen_when_it_is_committed(string first, string second)
    {
        string topic = await CreateAsync();
        FrontProducer producer = await BeginAsync(first, GrpcServer.NewName());
        Assert.Equal("transactionOpen", (await _fronts[second].BeginAsync(producer)).Outcome);
        Assert.Equal([new("", 0, 0)], await _topics[first].PublishAsync(topic, producer, new FrontRecord("a")));
        Assert.Equal([new("", 0, 1)], await _topics[second].PublishAsync(topic, producer, new FrontRecord("b")));

        Assert.Empty((await _topics[second].FetchAsync(topic, 0, 0, isCommittedOnly: true)).Records);
        Assert.Equal(["a", "b"], (await _topics[second].FetchAsync(topic, 0, 0)).Bodies);
        Assert.Equal(new FrontPartition(0, 0, 2, 0), (await _topics[first].ListPartitionsAsync(topic)).Partitions.Single());
        (string outcome, FrontProducer? next) = await _fronts[second].EndAsync(producer, isCommit: true);

        Assert.Equal(("", new FrontProducer(producer.Id, producer.Epoch + 1)), (outcome, next));
        Assert.Equal(("", next), await _fronts[first].EndAsync(producer, isCommit: true));
        Assert.Equal("transactionNotOpen", (await _fronts[first].EndAsync(producer, isCommit: false)).Outcome);
        Assert.Equal(["a", "b"], (await _topics[first].FetchAsync(topic, 0, 0, isCommittedOnly: true)).Bodies);
        Assert.Equal("", (await _fronts[first].BeginAsync(next!)).Outcome);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_transaction_that_is_aborted_is_never_seen_by_who_reads_committed_records(string first, string second)
    {
        string topic = await CreateAsync();
        FrontProducer producer = await BeginAsync(first, GrpcServer.NewName());
        await _topics[first].PublishAsync(topic, producer, new FrontRecord("never"));

        (string outcome, FrontProducer? next) = await _fronts[second].EndAsync(producer, isCommit: false);

        Assert.Equal(("", producer.Epoch + 1), (outcome, next!.Epoch));
        Assert.Empty((await _topics[first].FetchAsync(topic, 0, 0, isCommittedOnly: true)).Records);
        Assert.Equal(["never"], (await _topics[first].FetchAsync(topic, 0, 0)).Bodies);
    }

    [Theory]
    [InlineData(Fronts.Rest)]
    [InlineData(Fronts.Grpc)]
    public async Task Refusals_are_the_same(string name)
    {
        (ITransactionFront front, ITopicFront topics) = (_fronts[name], _topics[name]);
        string topic = await CreateAsync();
        FrontProducer producer = (await front.InitProducerAsync(null)).Producer!, stranger = new(long.MaxValue, 0, "0");

        Assert.Equal("invalidValue", (await front.InitProducerAsync("\n")).Outcome);
        Assert.Equal("producerNotFound", (await front.BeginAsync(producer)).Outcome);
        Assert.Equal("producerNotFound", (await front.BeginAsync(stranger)).Outcome);
        Assert.Equal("producerNotFound", (await front.EndAsync(stranger, isCommit: true)).Outcome);
        Assert.Equal([new("producerNotFound")], await topics.PublishAsync(topic, stranger, new FrontRecord("x", Partition: 0)));
        Assert.Equal([new("invalidValue")], await topics.PublishAsync(topic, producer with { Transaction = "1" }, new FrontRecord("x", Partition: 0)));
        // One that breaks a rule refuses all, since what comes behind it would have a gap before it.
        Assert.Equal([new("messageTooLarge")], await topics.PublishAsync(topic, producer, new("x", Partition: 0, Sequence: 0), new(new string('x', 1_025), Partition: 0, Sequence: 1)));
        Assert.Empty((await topics.FetchAsync(topic, 0, 0)).Records);
    }

    private async Task<FrontProducer> BeginAsync(string front, string transactionalId)
    {
        (string outcome, FrontProducer? producer) = await _fronts[front].BeginAsync((await _fronts[front].InitProducerAsync(transactionalId)).Producer!);
        Assert.Equal("", outcome);
        return producer!;
    }

    private async Task<string> CreateAsync()
    {
        string topic = GrpcServer.NewName();
        Assert.Equal("", await _topics[Fronts.Grpc].CreateTopicAsync(topic, new TopicTerms(MaxMessageBytes: 1_024)));
        return topic;
    }
}
