using System.Text;
using Messaging.Broker.Groups;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Tests.Topics;
using Messaging.Broker.Topics;
using Messaging.Broker.Transactions;

namespace Messaging.Broker.Tests.Transactions;

/// <summary>Operations on any queues and topics in one call: all or nothing.</summary>
public sealed class RunTransactionTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Acknowledge_here_send_there_and_publish_in_one_frame(bool kill)
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        QueueKey from = await harness.Create("from");
        QueueKey to = await harness.Create("to");
        TopicKey topic = await harness.CreateTopic();
        await harness.Send(from, "order");
        Delivered order = Assert.Single(await harness.Receive(from));

        TransactionResult[] results = await Run(
            harness, new TransactionOperation.Acknowledge(from, new[] { order.Receipt }), Send(to, "invoice", "parcel"), Publish(topic, "sold"));

        if (kill) harness.Kill();
        Assert.Equal(2, results[1].Sent!.Count);
        Assert.Equal((0, 0L), (results[2].Published![0].Partition, results[2].Published![0].Offset));
        Assert.Equal(new QueueCounts(0, 0, 0), await harness.Counts(from));
        Delivered[] sent = await harness.Receive(to);
        Assert.Equal(["invoice", "parcel"], sent.Select(message => message.Body));
        Assert.Equal(results[1].Sent!.Select(outcome => outcome.Id), sent.Select(message => message.Id));
        Assert.Equal(["sold"], (await harness.Fetch(topic)).Select(record => record.Value));
    }

    [Fact]
    public async Task One_operation_that_cant_be_done_undoes_them_all()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        QueueKey from = await harness.Create("from");
        QueueKey full = await harness.Create("full", new QueueDefinition { MaxMessages = 1 });
        TopicKey topic = await harness.CreateTopic();
        await harness.Send(from, "order");
        await harness.Send(full, "there");
        Delivered order = Assert.Single(await harness.Receive(from));

        BrokerError refusal = await Refused(
            harness, new TransactionOperation.Acknowledge(from, new[] { order.Receipt }), Publish(topic, "sold"), Send(full, "one too many"));

        Assert.Equal((ErrorCode.QueueFull, "operations[2]"), (refusal.Code, refusal.Field));
        Assert.Equal(new QueueCounts(0, 1, 0), await harness.Counts(from));
        Assert.Empty(await harness.Fetch(topic));
        Assert.Null(await harness.Acknowledge(from, order.Receipt));
    }

    [Fact]
    public async Task A_message_that_was_acknowledged_before_refuses_the_transaction_so_that_it_is_done_once()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        QueueKey from = await harness.Create("from");
        TopicKey topic = await harness.CreateTopic();
        await harness.Send(from, "order");
        Delivered order = Assert.Single(await harness.Receive(from));
        TransactionOperation[] operations = [new TransactionOperation.Acknowledge(from, new[] { order.Receipt }), Publish(topic, "sold")];
        await Run(harness, operations);
        harness.Kill();

        BrokerError again = await Refused(harness, operations);

        Assert.Equal((ErrorCode.MessageGone, "operations[0].acknowledge.receipts[0]"), (again.Code, again.Field));
        Assert.Single(await harness.Fetch(topic));
    }

    [Fact]
    public async Task What_is_wrong_is_told_with_its_place()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        QueueKey queue = await harness.Create();
        TopicKey topic = await harness.CreateTopic();
        TopicKey none = TopicCalls.Topic("none");
        TransactionOperation good = Publish(topic, "a");

        Assert.Equal((ErrorCode.TopicNotFound, "operations[1]"), Code(await Refused(harness, good, Publish(none, "x"))));
        Assert.Equal((ErrorCode.InvalidValue, "operations[1]"), Code(await Refused(harness, good, Publish(topic, "x"))));
        Assert.Equal((ErrorCode.BatchEmpty, "operations"), Code(await Refused(harness)));
        Assert.Equal((ErrorCode.ReceiptInvalid, "operations[0].acknowledge.receipts[0]"), Code(await Refused(harness, new TransactionOperation.Acknowledge(queue, new Receipt[1]))));
        var late = new OutgoingRecord { Value = "x"u8.ToArray(), Partition = 5 };
        Assert.Equal(
            (ErrorCode.PartitionNotFound, "operations[0].publish.records[0].partition"), Code(await Refused(harness, new TransactionOperation.Publish(topic, new[] { late }))));
        Assert.Equal(
            (ErrorCode.BatchTooLarge, "operations"),
            Code(await Refused(harness, [.. Enumerable.Range(0, BrokerLimits.TransactionOperationsMax + 1).Select(_ => good)])));
        Assert.Empty(await harness.Fetch(topic));
    }

    [Fact]
    public async Task A_duplicate_in_a_transaction_is_answered_with_the_first_ones_id()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        QueueKey queue = await harness.Create("fifo", new QueueDefinition { Type = QueueType.Fifo });
        TopicKey topic = await harness.CreateTopic();
        var message = new OutgoingMessage { Body = "m"u8.ToArray(), Group = "g", DeduplicationId = "d" };
        TransactionOperation[] operations = [new TransactionOperation.Send(queue, new[] { message }), Publish(topic, "a")];
        TransactionResult[] first = await Run(harness, operations);
        TransactionResult[] second = await Run(harness, operations);

        Assert.True(second[0].Sent![0].IsDuplicate);
        Assert.Equal(first[0].Sent![0].Id, second[0].Sent![0].Id);
        Assert.Single(await harness.Receive(queue));
        Assert.Equal(2, (await harness.Fetch(topic)).Length);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_same_transaction_under_an_idempotency_key_is_done_once(bool kill)
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        QueueKey from = await harness.Create("from");
        QueueKey to = await harness.Create("to");
        TopicKey topic = await harness.CreateTopic();
        await harness.Send(from, "order");
        Delivered order = Assert.Single(await harness.Receive(from));
        TransactionOperation[] operations =
            [new TransactionOperation.Acknowledge(from, new[] { order.Receipt }), Send(to, "a", "b"), Publish(topic, "sold")];
        Assert.True(IdempotencyKey.TryParse("once", out IdempotencyKey key));
        var request = new IdempotentRequest(key, new byte[32]);
        TransactionResult[] first = (await harness.Broker.Transactions.RunAsync(operations, request, default)).Value;

        if (kill) harness.Kill();
        else await harness.Restart();
        TransactionResult[] again = (await harness.Broker.Transactions.RunAsync(operations, request, default)).Value;

        Assert.Equal(first[1].Sent!, again[1].Sent!);
        Assert.Equal(first[2].Published!, again[2].Published!);
        Assert.Equal(2, (await harness.Receive(to)).Length);
        Assert.Single(await harness.Fetch(topic));
        Assert.Equal(
            ErrorCode.IdempotencyKeyReused,
            (await harness.Broker.Transactions.RunAsync(operations, new IdempotentRequest(key, [.. Enumerable.Repeat((byte)1, 32)]), default)).Error!.Code);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_group_has_fetched_is_committed_with_what_follows_from_it(bool kill)
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey from = await harness.CreateTopic("from");
        TopicKey to = await harness.CreateTopic("to");
        await harness.Publish(from, 0, "a", "b");
        GroupKey group = Group("pipeline");
        CommitToken token = await FetchToken(harness, group);
        TransactionOperation[] operations = [Publish(to, "A", "B"), new TransactionOperation.Commit(group, token, null)];
        await Run(harness, operations);
        if (kill) harness.Kill();

        CommittedOffset committed = Assert.Single((await harness.Broker.Groups.GetOffsetsAsync(group, null, default)).Value);
        Assert.Equal(2, committed.Offset);
        Assert.Equal(2, (await harness.Fetch(to)).Length);
        using GroupRecords none = (await harness.Broker.Groups.FetchAsync(group, new GroupFetchRequest { Topics = [from.Name] }, default)).Value;
        Assert.Equal(0, none.Count);
    }

    [Fact]
    public async Task A_commit_that_is_refused_leaves_nothing_of_its_transaction_and_makes_no_group()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey from = await harness.CreateTopic("from");
        TopicKey to = await harness.CreateTopic("to");
        await harness.Publish(from, 0, "a");
        GroupKey group = Group("pipeline");
        CommitToken token = await FetchToken(harness, group);
        harness.Advance(31);
        // Somebody else has gone on with the partition since.
        CommitToken other = await FetchToken(harness, group);

        BrokerError late = await Refused(harness, Publish(to, "twice"), new TransactionOperation.Commit(group, token, null));
        var offsets = new OffsetsCommit([new OffsetEntry(from.Name, 7, 1)]);
        BrokerError unknown = await Refused(harness, Publish(to, "twice"), new TransactionOperation.Commit(Group("new"), null, offsets));
        var far = new OffsetsCommit([new OffsetEntry(from.Name, 0, 2)]);
        BrokerError beyond = await Refused(harness, Publish(to, "twice"), new TransactionOperation.Commit(Group("new"), null, far));
        BrokerError two = await Refused(
            harness, new TransactionOperation.Commit(group, other, null), new TransactionOperation.Commit(Group("new"), null, offsets));

        Assert.Equal((ErrorCode.LeaseExpired, "operations[1].commit.token"), Code(late));
        Assert.Equal((ErrorCode.PartitionNotFound, "operations[1].commit.offsets[0].partition"), Code(unknown));
        Assert.Equal((ErrorCode.OffsetOutOfRange, "operations[1].commit.offsets[0].offset"), Code(beyond));
        Assert.Equal((ErrorCode.InvalidValue, "operations[1]"), Code(two));
        Assert.Empty(await harness.Fetch(to));
        Assert.Equal(ErrorCode.GroupNotFound, (await harness.Broker.Groups.DescribeAsync(Group("new"), default)).Error!.Code);
        await Run(harness, Publish(to, "once"), new TransactionOperation.Commit(group, other, null));
        Assert.Single(await harness.Fetch(to));
    }

    private static GroupKey Group(string name)
    {
        Assert.True(GroupName.TryParse(name, out GroupName group));
        return new GroupKey(AccountId.Default, NamespaceName.Default, group);
    }

    private static async Task<CommitToken> FetchToken(BrokerHarness harness, GroupKey group)
    {
        using GroupRecords records = (await harness.Broker.Groups.FetchAsync(group, new GroupFetchRequest { Topics = [TopicCalls.Topic("from").Name] }, default)).Value;
        Assert.Equal(1, records.Count);
        records.Reached(0, records.RecordsOf(0).NextOffset, error: null);
        return records.Token()!;
    }

    private static TransactionOperation Send(QueueKey queue, params string[] bodies) =>
        new TransactionOperation.Send(queue, bodies.Select(body => new OutgoingMessage { Body = Encoding.UTF8.GetBytes(body) }).ToArray());

    private static TransactionOperation Publish(TopicKey topic, params string[] values) =>
        new TransactionOperation.Publish(topic, values.Select(value => TopicCalls.Record(value)).ToArray());

    private static async Task<TransactionResult[]> Run(BrokerHarness harness, params TransactionOperation[] operations)
    {
        Result<TransactionResult[]> done = await harness.Broker.Transactions.RunAsync(operations, null, default);
        Assert.True(done.IsOk, done.Error?.Detail);
        return done.Value;
    }

    private static async Task<BrokerError> Refused(BrokerHarness harness, params TransactionOperation[] operations)
    {
        Result<TransactionResult[]> done = await harness.Broker.Transactions.RunAsync(operations, null, default);
        Assert.False(done.IsOk);
        return done.Error;
    }

    private static (ErrorCode, string?) Code(BrokerError error) => (error.Code, error.Field);
}
