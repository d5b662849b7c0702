using Grpc.Core;
using Messaging.Grpc.Tests.Topics;
using Messaging.V1;

namespace Messaging.Grpc.Tests.Transactions;

/// <summary>TransactionService.RunTransaction: operations on anything, all or nothing.</summary>
public sealed class RunTransactionTests(GrpcServer server) : IClassFixture<GrpcServer>
{
    private TransactionService.TransactionServiceClient Transactions => server.Transactions();

    private GroupService.GroupServiceClient Groups => new(server.Channel);

    [Fact]
    public async Task All_operations_are_done_in_one_call_and_none_of_them_twice()
    {
        (string from, string to, string topic) = (await server.CreateQueueAsync(), await server.CreateQueueAsync(), await server.CreateTopicAsync());
        await server.SendAsync(from, "order");
        await server.PublishAsync(topic, 0, "earlier");
        string receipt = (await server.ReceiveAsync(from)).Single().Receipt;
        RunTransactionRequest request = Of(
            new TransactionOperation { Acknowledge = new TransactionAcknowledge { Queue = from, Receipts = { receipt } } },
            new TransactionOperation { Send = new TransactionSend { Queue = to, Messages = { GrpcServer.Text("invoice"), GrpcServer.Text("bill") } } },
            new TransactionOperation { Publish = new TransactionPublish { Topic = topic, Records = { TopicSteps.Text("sold") } } },
            new TransactionOperation { Commit = new TransactionCommit { Group = GrpcServer.NewName(), Offsets = { new OffsetEntry { Topic = topic, Offset = 1, Metadata = "m" } } } });

        TransactionResult[] results = [.. (await Transactions.RunTransactionAsync(request)).Results];

        Assert.Equal([new TransactionResult(), results[1], new TransactionResult { Records = { new PublishResult { Offset = 1 } } }, new TransactionResult()], results);
        Message[] sent = await server.ReceiveAsync(to);
        Assert.Equal(["invoice", "bill"], sent.Select(message => message.Body.ToStringUtf8()));
        Assert.Equal(results[1].Messages.Select(message => message.Id), sent.Select(message => message.Id));
        Assert.Equal(new QueueCounts(), await server.CountAsync(from));
        Assert.Equal((StatusCode.NotFound, "messageGone", "operations[0].acknowledge.receipts[0]"), (await Refused.ByAsync(Transactions.RunTransactionAsync(request))).Told);
        Assert.Equal(["earlier", "sold"], await server.BodiesAsync(topic));
    }

    [Fact]
    public async Task An_operation_that_can_t_be_done_leaves_the_others_undone()
    {
        (string queue, string topic) = (await server.CreateQueueAsync(), await server.CreateTopicAsync());
        TransactionOperation send = Send(queue, "x");
        TransactionOperation publish = new() { Publish = new TransactionPublish { Topic = topic, Records = { TopicSteps.Text("x") } } };

        Assert.Equal((StatusCode.NotFound, "queueNotFound", "operations[2]"), await RefusedAsync(send, publish, new TransactionOperation { Send = new TransactionSend { Queue = "nobody", Messages = { GrpcServer.Text("x") } } }));
        Assert.Equal((StatusCode.NotFound, "partitionNotFound", "operations[1].publish.records[0].partition"), await RefusedAsync(send, Publish(topic, new OutgoingRecord { Partition = 3 })));
        Assert.Equal((StatusCode.OutOfRange, "offsetOutOfRange", "operations[2].commit.offsets[0].offset"), await RefusedAsync(send, publish, Commit(new TransactionCommit { Offsets = { new OffsetEntry { Topic = topic, Offset = 99 } } })));

        Assert.Equal(new QueueCounts(), await server.CountAsync(queue));
        Assert.Empty(await server.BodiesAsync(topic));
    }

    [Fact]
    public async Task What_a_group_fetch_gave_is_committed_by_its_token_together_with_what_came_of_it()
    {
        (string queue, string topic, string group) = (await server.CreateQueueAsync(), await server.CreateTopicAsync(), GrpcServer.NewName());
        await server.PublishAsync(topic, 0, "1", "2", "3");
        FetchForGroupResponse fetched = await FetchAsync(group, topic);

        await Transactions.RunTransactionAsync(Of(Send(queue, "of 1 and 2"), Token(group, fetched.CommitToken)));

        Assert.Equal(["1", "2"], fetched.Records.Select(record => record.Record.Body.ToStringUtf8()));
        Assert.Equal(2, await CommittedAsync(group));
        Assert.Equal(["3"], (await FetchAsync(group, topic)).Records.Select(record => record.Record.Body.ToStringUtf8()));
        Assert.Equal(["of 1 and 2"], (await server.ReceiveAsync(queue)).Select(message => message.Body.ToStringUtf8()));
    }

    [Fact]
    public async Task Nothing_is_done_with_a_token_whose_records_others_have_by_now()
    {
        (string queue, string topic, string group) = (await server.CreateQueueAsync(), await server.CreateTopicAsync(), GrpcServer.NewName());
        await server.PublishAsync(topic, 0, "1");
        FetchForGroupResponse stale = await FetchAsync(group, topic);
        await Groups.ReleaseRecordsAsync(new ReleaseRecordsRequest { Group = group, Token = stale.CommitToken });
        FetchForGroupResponse fresh = await FetchAsync(group, topic);

        (StatusCode, string?, string?) refused = await RefusedAsync(Send(queue, "of the stale"), Token(group, stale.CommitToken));
        long? meanwhile = await CommittedAsync(group);
        await Transactions.RunTransactionAsync(Of(Token(group, fresh.CommitToken), Send(queue, "of the fresh")));

        Assert.Equal((StatusCode.FailedPrecondition, "leaseExpired", "operations[1].commit.token"), refused);
        Assert.Null(meanwhile);
        Assert.Equal(1, await CommittedAsync(group));
        Assert.Equal(["of the fresh"], (await server.ReceiveAsync(queue)).Select(message => message.Body.ToStringUtf8()));
    }

    [Fact]
    public async Task What_is_wrong_with_an_entry_is_told_with_its_place()
    {
        (string queue, string topic) = (await server.CreateQueueAsync(), await server.CreateTopicAsync());
        TransactionOperation good = new() { Send = new TransactionSend { Queue = queue, Messages = { GrpcServer.Text("x") } } };

        Assert.Equal((StatusCode.InvalidArgument, "batchEmpty", "operations"), await RefusedAsync());
        Assert.Equal((StatusCode.InvalidArgument, "batchTooLarge", "operations"), await RefusedAsync([.. Enumerable.Repeat(good, 101)]));
        Assert.Equal((StatusCode.InvalidArgument, "invalidValue", "operations[1]"), await RefusedAsync(good, good));
        Assert.Equal((StatusCode.InvalidArgument, "missingField", "operations[1]"), await RefusedAsync(good, new TransactionOperation()));
        Assert.Equal((StatusCode.InvalidArgument, "invalidName", "operations[1].send.queue"), await RefusedAsync(good, new TransactionOperation { Send = new TransactionSend { Messages = { GrpcServer.Text("x") } } }));
        Assert.Equal((StatusCode.InvalidArgument, "receiptInvalid", "operations[0].acknowledge.receipts[1]"), await RefusedAsync(
            new TransactionOperation { Acknowledge = new TransactionAcknowledge { Queue = queue, Receipts = { await ReceiptAsync(queue), "x" } } }));
        Assert.Equal((StatusCode.InvalidArgument, "invalidValue", "operations[1].publish.records[1].contentType"), await RefusedAsync(good, Publish(topic, TopicSteps.Text("x"), new OutgoingRecord { ContentType = "x" })));
        Assert.Equal(new QueueCounts { Leased = 1 }, await server.CountAsync(queue));
    }

    [Fact]
    public async Task A_commit_that_can_t_be_is_refused_by_its_field()
    {
        var offset = new OffsetEntry { Topic = await server.CreateTopicAsync(), Offset = 0 };

        Assert.Equal((StatusCode.InvalidArgument, "invalidName", "operations[0].commit.group"), await RefusedAsync(new TransactionOperation { Commit = new TransactionCommit { Offsets = { offset } } }));
        Assert.Equal((StatusCode.InvalidArgument, "commitTokenInvalid", "operations[0].commit.token"), await RefusedAsync(Commit(new TransactionCommit { Token = "x" })));
        Assert.Equal((StatusCode.InvalidArgument, "invalidValue", "operations[0].commit.token"), await RefusedAsync(Commit(new TransactionCommit { Token = "x", Offsets = { offset } })));
        Assert.Equal((StatusCode.InvalidArgument, "batchEmpty", "operations[0].commit.offsets"), await RefusedAsync(Commit(new TransactionCommit())));
        Assert.Equal((StatusCode.InvalidArgument, "missingField", "operations[0].commit.generation"), await RefusedAsync(Commit(new TransactionCommit { Offsets = { offset }, MemberId = "m" })));
        Assert.Equal((StatusCode.InvalidArgument, "missingField", "operations[0].commit.memberId"), await RefusedAsync(Commit(new TransactionCommit { Offsets = { offset }, Generation = 1 })));
        Assert.Equal((StatusCode.NotFound, "unknownMember", "operations[0].commit.memberId"), await RefusedAsync(Commit(new TransactionCommit { Offsets = { offset }, MemberId = "m", Generation = 1 })));
        Assert.Equal((StatusCode.InvalidArgument, "invalidName", "operations[0].commit.offsets[1].topic"), await RefusedAsync(Commit(new TransactionCommit { Offsets = { offset, new OffsetEntry() } })));
        Assert.Equal((StatusCode.InvalidArgument, "invalidValue", "operations[0].commit.offsets[0].offset"), await RefusedAsync(Commit(new TransactionCommit { Offsets = { new OffsetEntry { Topic = offset.Topic, Offset = -1 } } })));
    }

    [Fact]
    public async Task A_transaction_under_an_idempotency_key_is_done_once()
    {
        string queue = await server.CreateQueueAsync();
        var key = new Metadata { { "idempotency-key", "k1" } };

        RunTransactionResponse first = await Transactions.RunTransactionAsync(Of(Send(queue, "x")), key);

        Assert.Equal(first, await Transactions.RunTransactionAsync(Of(Send(queue, "x")), key));
        Assert.Equal((StatusCode.AlreadyExists, "idempotencyKeyReused", null), (await Refused.ByAsync(Transactions.RunTransactionAsync(Of(Send(queue, "y")), key))).Told);
        Assert.Equal(["x"], (await server.ReceiveAsync(queue)).Select(message => message.Body.ToStringUtf8()));
    }

    private static RunTransactionRequest Of(params TransactionOperation[] operations) => new() { Operations = { operations } };

    private static TransactionOperation Publish(string topic, params OutgoingRecord[] records) => new() { Publish = new TransactionPublish { Topic = topic, Records = { records } } };

    private static TransactionOperation Send(string queue, string body) => new() { Send = new TransactionSend { Queue = queue, Messages = { GrpcServer.Text(body) } } };

    private static TransactionOperation Token(string group, string token) => new() { Commit = new TransactionCommit { Group = group, Token = token } };

    private static TransactionOperation Commit(TransactionCommit commit)
    {
        commit.Group = GrpcServer.NewName();
        return new TransactionOperation { Commit = commit };
    }

    private async Task<(StatusCode Status, string? Code, string? Field)> RefusedAsync(params TransactionOperation[] operations) =>
        (await Refused.ByAsync(Transactions.RunTransactionAsync(Of(operations)))).Told;

    private async Task<FetchForGroupResponse> FetchAsync(string group, string topic) =>
        await Groups.FetchForGroupAsync(new FetchForGroupRequest { Group = group, Topics = { topic }, Max = 2 });

    private async Task<long?> CommittedAsync(string group) =>
        (await Groups.GetGroupOffsetsAsync(new GetGroupOffsetsRequest { Group = group })).Offsets.SingleOrDefault()?.Offset;

    private async Task<string> ReceiptAsync(string queue)
    {
        await server.SendAsync(queue, "leased");
        return (await server.ReceiveAsync(queue)).Single().Receipt;
    }
}
