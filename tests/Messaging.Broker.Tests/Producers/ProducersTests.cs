using Messaging.Broker.Names;
using Messaging.Broker.Producers;
using Messaging.Broker.Tests.Topics;
using Messaging.Broker.Topics;

namespace Messaging.Broker.Tests.Producers;

/// <summary>What producers with ids rely on: each record once, in order, and no zombie.</summary>
public sealed class ProducersTests
{
    [Fact]
    public async Task A_repeated_batch_is_stored_once_and_answered_with_its_first_offset_also_after_a_crash()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        ProducerIdentity producer = await harness.Init();
        PublishOutcome[] first = await harness.Publish(topic, producer, 0, "a", "b");

        for (int life = 0; life < 3; life++)
        {
            PublishOutcome[] again = await harness.Publish(topic, producer, 0, "a", "b");
            Assert.Equal(first.Select(outcome => outcome.Offset), again.Select(outcome => outcome.Offset));
            Assert.All(again, outcome => Assert.True(outcome.IsDuplicate));
            if (life == 0) harness.Kill();
            else await harness.Restart();
        }

        Assert.Equal(["a", "b"], (await harness.Fetch(topic)).Select(record => record.Value));
        Assert.Equal(2, (await harness.Publish(topic, producer, 2, "c"))[0].Offset);
    }

    [Fact]
    public async Task A_gap_is_refused_and_what_was_missing_is_still_welcome()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        ProducerIdentity producer = await harness.Init();

        Assert.Equal(ErrorCode.OutOfOrderSequence, (await harness.Publish(topic, producer, 1, "b"))[0].Error!.Code);
        Assert.Null((await harness.Publish(topic, producer, 0, "a"))[0].Error);
        PublishOutcome gap = (await harness.Publish(topic, producer, 2, "c"))[0];
        Assert.Equal((ErrorCode.OutOfOrderSequence, "records[0].sequence"), (gap.Error!.Code, gap.Error.Field));
        Assert.Null((await harness.Publish(topic, producer, 1, "b"))[0].Error);

        Assert.Equal(["a", "b"], (await harness.Fetch(topic)).Select(record => record.Value));
    }

    [Fact]
    public async Task The_last_five_batches_are_known_and_older_ones_refused()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        ProducerIdentity producer = await harness.Init();
        for (int i = 0; i < 6; i++) await harness.Publish(topic, producer, i, $"{i}");

        Assert.True((await harness.Publish(topic, producer, 1, "1"))[0].IsDuplicate);
        Assert.Equal(ErrorCode.OutOfOrderSequence, (await harness.Publish(topic, producer, 0, "0"))[0].Error!.Code);
        Assert.Equal(6, (await harness.Fetch(topic)).Length);
    }

    [Fact]
    public async Task Sequences_are_those_of_a_partition_and_go_on_from_zero_behind_the_largest()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic("t", new TopicDefinition { Partitions = 2 });
        ProducerIdentity producer = await harness.Init();
        OutgoingRecord[] both = [Numbered("a", 0, 0), Numbered("b", 1, 0), Numbered("c", 0, 1)];

        PublishOutcome[] outcomes = (await harness.Broker.Topics.PublishAsync(topic, both, new ProducerClaim(producer.Id, producer.Epoch), default)).Value;

        Assert.Equal([(0, 0L), (1, 0L), (0, 1L)], outcomes.Select(outcome => (outcome.Partition, outcome.Offset)));
        var producers = new PartitionProducers();
        producers.Apply(Header(producer, int.MaxValue - 1, 2, 0), 1);
        Assert.Null(producers.Check(new ProducerStamp(producer.Id, producer.Epoch, 0, 1, false), 0, out long? duplicateOf));
        Assert.Null(duplicateOf);
    }

    [Fact]
    public async Task Ids_are_never_given_twice_and_those_that_were_not_given_are_refused()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        ProducerIdentity first = await harness.Init();
        harness.Kill();
        ProducerIdentity second = await harness.Init();
        await harness.Restart();
        ProducerIdentity third = await harness.Init();

        Assert.Equal(3, new[] { first.Id, second.Id, third.Id }.Distinct().Count());
        Assert.Equal(ErrorCode.ProducerNotFound, await harness.PublishError(topic, new ProducerIdentity(third.Id + 1, 0), 0, "x"));
        Assert.Equal(ErrorCode.ProducerNotFound, await harness.PublishError(topic, new ProducerIdentity(0, 0), 0, "x"));
    }

    [Fact]
    public async Task A_new_instance_fences_its_elders_and_aborts_what_they_have_open()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        ProducerIdentity elder = await harness.Init("pay");
        await harness.Begin(elder);
        await harness.PublishIn(topic, elder, "half");

        ProducerIdentity younger = await harness.Init("pay");

        Assert.Equal(elder.Id, younger.Id);
        Assert.True(younger.Epoch > elder.Epoch);
        Assert.Equal(ErrorCode.ProducerFenced, await harness.PublishError(topic, elder, 0, "zombie"));
        Assert.Equal(ErrorCode.ProducerFenced, (await harness.Broker.Transactions.EndAsync(AccountId.Default, elder, isCommit: true, default)).Error!.Code);
        Assert.Empty(await harness.FetchCommitted(topic));
        harness.Kill();
        Assert.Equal(ErrorCode.ProducerFenced, await harness.PublishError(topic, elder, 0, "zombie"));
        Assert.Empty(await harness.FetchCommitted(topic));
    }

    [Fact]
    public async Task A_producer_of_another_account_is_not_there()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        Assert.True(AccountId.TryParse("111122223333", out AccountId other));
        ProducerIdentity producer = await harness.Init("pay");

        Assert.Equal(ErrorCode.ProducerNotFound, (await harness.Broker.Transactions.BeginAsync(other, producer, default)).Error!.Code);
        Assert.Equal(ErrorCode.ProducerNotFound, (await harness.Broker.Transactions.EndAsync(other, producer, true, default)).Error!.Code);
    }

    [Fact]
    public async Task A_producer_whose_records_have_gone_is_known_for_a_day_from_its_last_one()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic("t", new TopicDefinition { RetentionSeconds = null });
        ProducerIdentity producer = await harness.Init();
        await harness.Publish(topic, producer, 0, "a");
        harness.Advance(40_000);
        Assert.True((await harness.Publish(topic, producer, 0, "a"))[0].IsDuplicate);

        await harness.Broker.Topics.DeleteRecordsAsync(topic, 0, FetchRequest.Latest, default);
        Assert.True((await harness.Publish(topic, producer, 0, "a"))[0].IsDuplicate);
        harness.Advance(50_000);

        // Its state has gone with its records: whatever it goes on with is right.
        Assert.Null((await harness.Publish(topic, producer, 7, "h"))[0].Error);
    }

    internal static OutgoingRecord Numbered(string value, int partition, int sequence) =>
        new() { Value = TopicCalls.Bytes(value), Partition = partition, Sequence = sequence };

    private static Messaging.Storage.Records.RecordBatchHeader Header(ProducerIdentity producer, int baseSequence, int count, long offset) => new(
        offset, 100, count - 1, 0, 0, count, 0, producer.Id, producer.Epoch, baseSequence);
}
