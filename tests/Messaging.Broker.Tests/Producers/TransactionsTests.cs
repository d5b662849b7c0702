using Messaging.Broker.Names;
using Messaging.Broker.Producers;
using Messaging.Broker.Tests.Topics;
using Messaging.Broker.Topics;

namespace Messaging.Broker.Tests.Producers;

/// <summary>Transactions of producers: all of a transaction is seen or nothing, by who reads committed records.</summary>
public sealed class TransactionsTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Records_are_seen_when_their_transaction_commits_and_never_when_it_aborts(bool isCommit)
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        await harness.Publish(topic, 0, "before");
        ProducerIdentity producer = await harness.Init("pay");
        await harness.Begin(producer);
        await harness.PublishIn(topic, producer, "a", "b");
        await harness.Publish(topic, 0, "after");

        Assert.Equal(["before"], await harness.FetchCommitted(topic));
        Assert.Equal(["before", "a", "b", "after"], (await harness.Fetch(topic)).Select(record => record.Value));
        Assert.Equal(new PartitionOffsets(0, 4, 1), await harness.Offsets(topic));

        ProducerIdentity next = await harness.End(producer, isCommit);

        string[] expected = isCommit ? ["before", "a", "b", "after"] : ["before", "after"];
        for (int life = 0; life < 3; life++)
        {
            Assert.Equal(expected, await harness.FetchCommitted(topic));
            Assert.Equal(["before", "a", "b", "after"], (await harness.Fetch(topic)).Select(record => record.Value));
            Assert.Equal(new PartitionOffsets(0, 5, 5), await harness.Offsets(topic));
            if (life == 0) harness.Kill();
            else await harness.Restart();
        }

        Assert.Equal((producer.Id, producer.Epoch + 1), (next.Id, next.Epoch));
    }

    // The end may come before, between and behind the steps of the fetch: its look, its reading, its wait.
    [Fact]
    public async Task A_fetch_of_committed_records_that_waits_wakes_up_whenever_the_transaction_ends()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        ProducerIdentity producer = await harness.Init("pay");
        for (int turn = 0; turn < 200; turn++)
        {
            long offset = (await harness.Offsets(topic)).HighWatermark;
            await harness.Begin(producer);
            await harness.PublishIn(topic, producer, $"{turn}");
            ProducerIdentity ending = producer;
            Task<ProducerIdentity> end = Task.Run(() => harness.End(ending, isCommit: true));
            Task<Result<FetchedRecords>> fetch = Task.Run(() => harness.Broker.Topics.FetchAsync(
                topic, 0, new FetchRequest(offset, 1 << 20, TimeSpan.FromSeconds(20)) { Isolation = Isolation.ReadCommitted }, default).AsTask());

            Result<FetchedRecords> fetched = await fetch.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
            Assert.True(fetched.IsOk, fetched.Error?.Detail);
            Assert.Equal([$"{turn}"], TopicCalls.Copy(fetched.Value).Select(record => record.Value));
            producer = await end;
        }
    }

    [Fact]
    public async Task A_transaction_has_no_more_partitions_than_its_end_has_room_for()
    {
        await using BrokerHarness harness = BrokerHarness.Start(BrokerHarness.SmallEngine() with { JournalSlotBytes = 64 << 10, JournalSlots = 8 });
        TopicKey topic = await harness.CreateTopic("t", new TopicDefinition { Partitions = 700 });
        ProducerIdentity producer = await harness.Init("pay");
        await harness.Begin(producer);
        int published = 0;
        Result<PublishOutcome[]> outcome;
        while (true)
        {
            OutgoingRecord[] records = [TopicCalls.Record("a", partition: published)];
            outcome = await harness.Broker.Topics.PublishAsync(topic, records, new ProducerClaim(producer.Id, producer.Epoch, IsTransactional: true), default);
            if ((outcome.IsOk ? outcome.Value[0].Error : outcome.Error) is not null) break;
            published++;
        }

        Assert.Equal(ErrorCode.TooManyPartitions, (outcome.IsOk ? outcome.Value[0].Error : outcome.Error)?.Code);
        Assert.InRange(published, 100, 699);
        await harness.End(producer, isCommit: true);
        for (int partition = 0; partition < published; partition++) Assert.Equal(new PartitionOffsets(0, 2, 2), await harness.Offsets(topic, partition));
    }

    [Fact]
    public async Task An_open_transaction_survives_a_crash_and_a_stop_and_can_be_ended()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic("t", new TopicDefinition { Partitions = 2 });
        ProducerIdentity producer = await harness.Init("pay");
        await harness.Begin(producer);
        await harness.PublishIn(topic, producer, "a");
        harness.Kill();
        await harness.PublishIn(topic, producer, "b");
        await harness.Restart();
        Assert.Empty(await harness.FetchCommitted(topic));

        await harness.End(producer, isCommit: true);

        Assert.Equal(["a", "b"], await harness.FetchCommitted(topic));
    }

    [Fact]
    public async Task An_end_whose_answer_was_lost_is_answered_again()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        ProducerIdentity producer = await harness.Init("pay");
        await harness.Begin(producer);
        ProducerIdentity next = await harness.End(producer, isCommit: true);
        harness.Kill();

        Assert.Equal(next, await harness.End(producer, isCommit: true));
        Assert.Equal(ErrorCode.TransactionNotOpen, (await harness.Broker.Transactions.EndAsync(AccountId.Default, producer, false, default)).Error!.Code);
        Assert.Equal(ErrorCode.TransactionNotOpen, (await harness.Broker.Transactions.EndAsync(AccountId.Default, next, true, default)).Error!.Code);
    }

    [Fact]
    public async Task One_transaction_at_a_time_and_records_of_it_only_while_it_is_open()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        ProducerIdentity producer = await harness.Init("pay");
        OutgoingRecord[] records = [TopicCalls.Record("x", partition: 0)];
        var claim = new ProducerClaim(producer.Id, producer.Epoch, IsTransactional: true);

        Assert.Equal(ErrorCode.TransactionNotOpen, (await harness.Broker.Topics.PublishAsync(topic, records, claim, default)).Error!.Code);
        await harness.Begin(producer);
        Assert.Equal(ErrorCode.TransactionOpen, (await harness.Broker.Transactions.BeginAsync(AccountId.Default, producer, default)).Error!.Code);
        Assert.Equal(ErrorCode.TransactionOpen, await harness.PublishError(topic, producer, 0, "outside"));
        await harness.End(producer, isCommit: true);
        Assert.Equal(ErrorCode.ProducerFenced, (await harness.Broker.Topics.PublishAsync(topic, records, claim, default)).Error!.Code);
    }

    [Fact]
    public async Task A_transaction_that_is_open_for_too_long_is_aborted_and_its_producer_fenced()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        ProducerIdentity producer = await harness.Init("pay", timeoutSeconds: 5);
        await harness.Begin(producer);
        await harness.PublishIn(topic, producer, "late");
        harness.Advance(4);
        await harness.Broker.TickAsync();
        Assert.Equal(new PartitionOffsets(0, 1, 0), await harness.Offsets(topic));

        harness.Advance(2);
        await harness.Broker.TickAsync();

        Assert.Equal(2, (await harness.Offsets(topic)).LastStable);
        Assert.Empty(await harness.FetchCommitted(topic));
        Assert.Equal(ErrorCode.TransactionNotOpen, (await harness.Broker.Transactions.EndAsync(AccountId.Default, producer, true, default)).Error!.Code);
    }

    [Fact]
    public async Task Two_producers_on_one_partition_are_kept_apart()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        ProducerIdentity good = await harness.Init("good");
        ProducerIdentity bad = await harness.Init("bad");
        await harness.Begin(good);
        await harness.Begin(bad);
        await harness.PublishIn(topic, good, "g1");
        await harness.PublishIn(topic, bad, "b1");
        await harness.PublishIn(topic, good, "g2");
        ProducerIdentity again = await harness.End(bad, isCommit: false);
        await harness.Begin(again);
        await harness.PublishIn(topic, again, "b2");
        await harness.End(good, isCommit: true);
        Assert.Equal(["g1", "g2"], await harness.FetchCommitted(topic));

        await harness.End(again, isCommit: true);

        Assert.Equal(["g1", "g2", "b2"], await harness.FetchCommitted(topic));
        Assert.Equal(["b2"], await harness.FetchCommitted(topic, offset: 3));
    }

    [Fact]
    public async Task A_fetch_of_committed_records_that_waits_is_told_when_the_transaction_ends()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        ProducerIdentity producer = await harness.Init("pay");
        await harness.Begin(producer);
        await harness.PublishIn(topic, producer, "a");
        var request = new FetchRequest(0, 1_000, TimeSpan.FromSeconds(20)) { Isolation = Isolation.ReadCommitted };
        Task<Result<FetchedRecords>> waiting = harness.Broker.Topics.FetchAsync(topic, 0, request, default).AsTask();

        await harness.End(producer, isCommit: true);

        Assert.Equal("a", Assert.Single(TopicCalls.Copy((await waiting).Value)).Value);
    }

    [Fact]
    public async Task A_topic_that_is_deleted_takes_its_part_of_a_transaction_with_it()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey gone = await harness.CreateTopic("gone");
        TopicKey kept = await harness.CreateTopic("kept");
        ProducerIdentity producer = await harness.Init("pay");
        await harness.Begin(producer);
        await harness.PublishIn(gone, producer, "x");
        await harness.PublishIn(kept, producer, "y");
        await harness.Broker.Topics.DeleteAsync(gone, default, default);

        await harness.End(producer, isCommit: true);

        Assert.Equal(["y"], await harness.FetchCommitted(kept));
        harness.Kill();
        Assert.Equal(["y"], await harness.FetchCommitted(kept));
    }

    [Fact]
    public async Task After_the_last_epoch_a_producer_goes_on_under_a_new_id()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        ProducerIdentity producer = await harness.Init("pay");
        long first = producer.Id;
        // As if it had had as many transactions as that.
        Assert.True(TransactionalId.TryParse("pay", out TransactionalId id));
        var last = new ProducerIdentity(first, short.MaxValue - 1);
        harness.Broker.Producers.ApplyInitiated(new ProducerKey(AccountId.Default, NamespaceName.Default, id), first, last.Epoch, 60_000, harness.NowMs);

        await harness.Begin(last);
        producer = await harness.End(last, isCommit: true);

        Assert.NotEqual(first, producer.Id);
        Assert.Equal(0, producer.Epoch);
        await harness.Begin(producer);
    }
}
