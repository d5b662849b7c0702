using Google.Protobuf;
using Grpc.Core;
using Messaging.TestKit;
using Messaging.V1;

namespace Messaging.Grpc.Tests.Groups;

/// <summary>Records for who does not stay: leased, committed by a token or given back.</summary>
public sealed class GroupFetchTests(GrpcServer server) : IClassFixture<GrpcServer>
{
    private readonly string _group = GrpcServer.NewName();

    private GroupService.GroupServiceClient Groups => new(server.Channel);

    [Fact]
    public async Task A_fetch_has_its_records_to_itself_until_they_are_committed()
    {
        string topic = await server.CreateTopicAsync();
        await server.PublishAsync(topic, 0, "1", "2", "3");

        FetchForGroupResponse first = await FetchAsync(topic, max: 2);
        FetchForGroupResponse meanwhile = await FetchAsync(topic);
        await Groups.CommitOffsetsAsync(new CommitOffsetsRequest { Group = _group, Token = first.CommitToken });
        await Groups.CommitOffsetsAsync(new CommitOffsetsRequest { Group = _group, Token = first.CommitToken });
        FetchForGroupResponse second = await FetchAsync(topic);

        Assert.Equal(["1", "2"], Bodies(first));
        Assert.Equal([0L, 1L], first.Records.Select(record => record.Record.Offset));
        Assert.All(first.Records, record => Assert.Equal((topic, 0), (record.Topic, record.Partition)));
        Assert.NotNull(first.LeasedUntil);
        Assert.Equal((0, "", null), (meanwhile.Records.Count, meanwhile.CommitToken, meanwhile.LeasedUntil));
        Assert.Equal(["3"], Bodies(second));
    }

    [Fact]
    public async Task A_record_is_told_as_it_was_published()
    {
        string topic = await server.CreateTopicAsync();
        var published = new PublishRecordsRequest { Topic = topic };
        published.Records.Add(new OutgoingRecord { Key = ByteString.CopyFromUtf8("k"), Body = ByteString.CopyFrom(0xFF, 0), ContentType = "a/b", Headers = { new RecordHeader { Name = "h", Value = ByteString.CopyFromUtf8("v") } } });
        published.Records.Add(new OutgoingRecord { Key = ByteString.Empty });
        await server.Topics().PublishRecordsAsync(published);

        V1.Record[] records = [.. (await FetchAsync(topic)).Records.Select(record => record.Record)];

        Assert.Equal(("k", ByteString.CopyFrom(0xFF, 0), "a/b"), (records[0].Key.ToStringUtf8(), records[0].Body, records[0].ContentType));
        Assert.Equal(new RecordHeader { Name = "h", Value = ByteString.CopyFromUtf8("v") }, records[0].Headers.Single());
        Assert.Equal((true, false), (records[1].HasKey, records[1].HasBody));
        Assert.NotNull(records[1].Timestamp);
    }

    [Fact]
    public async Task What_is_given_back_is_there_at_once()
    {
        string topic = await server.CreateTopicAsync();
        await server.PublishAsync(topic, 0, "1");
        FetchForGroupResponse first = await FetchAsync(topic);

        await Groups.ReleaseRecordsAsync(new ReleaseRecordsRequest { Group = _group, Token = first.CommitToken });

        Assert.Equal(["1"], Bodies(await FetchAsync(topic)));
        Assert.Equal((StatusCode.FailedPrecondition, "leaseExpired", "token"), (await Refused.ByAsync(Groups.CommitOffsetsAsync(new CommitOffsetsRequest { Group = _group, Token = first.CommitToken }))).Told);
    }

    [Fact]
    public async Task A_fetch_waits_for_what_is_published()
    {
        string topic = await server.CreateTopicAsync();
        AsyncUnaryCall<FetchForGroupResponse> waiting = Groups.FetchForGroupAsync(new FetchForGroupRequest { Group = _group, Topics = { topic }, WaitSeconds = 20 });

        await server.PublishAsync(topic, 0, "1");

        Assert.Equal(["1"], Bodies(await waiting));
    }

    [Fact]
    public async Task A_group_that_begins_at_the_end_misses_what_was_there()
    {
        string topic = await server.CreateTopicAsync();
        await server.PublishAsync(topic, 0, "old");
        AsyncUnaryCall<FetchForGroupResponse> waiting = Groups.FetchForGroupAsync(new FetchForGroupRequest { Group = _group, Topics = { topic }, Start = PartitionEnd.Latest });

        Assert.Empty((await waiting).Records);
        await server.PublishAsync(topic, 0, "new");

        Assert.Equal(["new"], Bodies(await FetchAsync(topic)));
    }

    [Fact]
    public async Task Records_of_an_open_transaction_are_left_out_unless_they_are_asked_for()
    {
        string topic = await server.CreateTopicAsync();
        var transactions = new TransactionService.TransactionServiceClient(server.Channel);
        Producer producer = (await transactions.InitProducerAsync(new InitProducerRequest { TransactionalId = GrpcServer.NewName() })).Producer;
        string open = (await transactions.BeginTransactionAsync(new BeginTransactionRequest { Producer = producer })).Transaction;
        await server.Topics().PublishRecordsAsync(new PublishRecordsRequest
        {
            Topic = topic,
            Producer = new RecordProducer { Id = producer.Id, Epoch = producer.Epoch, Transaction = open },
            Records = { new OutgoingRecord { Body = ByteString.CopyFromUtf8("t"), Partition = 0, Sequence = 0 } },
        });

        FetchForGroupResponse committed = await FetchAsync(topic);
        FetchForGroupResponse all = await Groups.FetchForGroupAsync(new FetchForGroupRequest { Group = GrpcServer.NewName(), Topics = { topic }, Isolation = Isolation.ReadUncommitted });

        Assert.Empty(committed.Records);
        Assert.Equal(["t"], Bodies(all));
    }

    [Fact]
    public async Task What_does_not_fit_into_an_answer_is_in_the_next_one()
    {
        string topic = await server.CreateTopicAsync(definition: new TopicDefinition { MaxMessageBytes = 16_777_216 });
        string large = new('x', 9 * 1024 * 1024);
        await server.PublishAsync(topic, 0, large);
        await server.PublishAsync(topic, 0, large);
        var request = new FetchForGroupRequest { Group = _group, Topics = { topic }, MaxBytes = 16_777_216 };

        FetchForGroupResponse first = await Groups.FetchForGroupAsync(request);
        await Groups.CommitOffsetsAsync(new CommitOffsetsRequest { Group = _group, Token = first.CommitToken });
        FetchForGroupResponse second = await Groups.FetchForGroupAsync(request);

        Assert.Equal((0L, large.Length), (first.Records.Single().Record.Offset, first.Records.Single().Record.Body.Length));
        Assert.Equal(1L, second.Records.Single().Record.Offset);
    }

    [Fact]
    public async Task A_partition_that_can_t_be_read_is_told_when_no_other_has_records_and_is_not_kept()
    {
        string topic = await server.CreateTopicAsync(partitions: 2);
        string damaged = $"damaged of {topic}";
        await server.PublishAsync(topic, 0, damaged);
        await server.PublishAsync(topic, 1, "good");
        DamagedMedium.Change(server.Folder, damaged);

        FetchForGroupResponse first = await FetchAsync(topic);
        await Groups.CommitOffsetsAsync(new CommitOffsetsRequest { Group = _group, Token = first.CommitToken });

        Assert.Equal(["good"], Bodies(first));
        for (int i = 0; i < 2; i++)
        {
            Refused refused = await Refused.ByAsync(Groups.FetchForGroupAsync(new FetchForGroupRequest { Group = _group, Topics = { topic } }));
            Assert.Equal((StatusCode.DataLoss, "messageDamaged", null), refused.Told);
            Assert.Contains($"\"{topic}\", partition 0", refused.Detail, StringComparison.Ordinal);
        }
        await server.PublishAsync(topic, 1, "more");
        Assert.Equal(["more"], Bodies(await FetchAsync(topic)));
    }

    [Fact]
    public async Task A_fetch_is_refused_while_the_group_has_members()
    {
        string topic = await server.CreateTopicAsync();
        await Groups.JoinGroupAsync(new JoinGroupRequest { Group = _group, Topics = { topic } });

        Assert.Equal((StatusCode.FailedPrecondition, "groupHasMembers", null), (await Refused.ByAsync(Groups.FetchForGroupAsync(new FetchForGroupRequest { Group = _group, Topics = { topic } }))).Told);
    }

    [Fact]
    public async Task What_is_wrong_with_a_fetch_is_told_by_its_field()
    {
        string topic = await server.CreateTopicAsync();
        Assert.Equal("invalidName group", await FieldAsync(new FetchForGroupRequest { Topics = { topic } }));
        Assert.Equal("invalidValue topics", await FieldAsync(new FetchForGroupRequest { Group = _group }));
        Assert.Equal("invalidValue topics", await FieldAsync(new FetchForGroupRequest { Group = _group, Topics = { topic, topic } }));
        Assert.Equal("invalidName topics[0]", await FieldAsync(new FetchForGroupRequest { Group = _group, Topics = { "" } }));
        Assert.Equal("topicNotFound topics[0]", await FieldAsync(new FetchForGroupRequest { Group = _group, Topics = { "nobody" } }));
        Assert.Equal("invalidValue max", await FieldAsync(new FetchForGroupRequest { Group = _group, Topics = { topic }, Max = 1_001 }));
        Assert.Equal("invalidValue maxBytes", await FieldAsync(new FetchForGroupRequest { Group = _group, Topics = { topic }, MaxBytes = 0 }));
        Assert.Equal("invalidValue waitSeconds", await FieldAsync(new FetchForGroupRequest { Group = _group, Topics = { topic }, WaitSeconds = 21 }));
        Assert.Equal("invalidValue leaseSeconds", await FieldAsync(new FetchForGroupRequest { Group = _group, Topics = { topic }, LeaseSeconds = 0 }));
        Assert.Equal("invalidValue start", await FieldAsync(new FetchForGroupRequest { Group = _group, Topics = { topic }, Start = (PartitionEnd)9 }));
        Assert.Equal("invalidValue isolation", await FieldAsync(new FetchForGroupRequest { Group = _group, Topics = { topic }, Isolation = (Isolation)9 }));
    }

    [Fact]
    public async Task What_is_no_token_of_the_group_is_refused()
    {
        string topic = await server.CreateTopicAsync();
        await server.PublishAsync(topic, 0, "1");
        string token = (await FetchAsync(topic)).CommitToken;
        string forged = (token[0] == 'A' ? "B" : "A") + token[1..];

        Assert.Equal((StatusCode.InvalidArgument, "missingField", "token"), (await Refused.ByAsync(Groups.ReleaseRecordsAsync(new ReleaseRecordsRequest { Group = _group }))).Told);
        Assert.Equal((StatusCode.InvalidArgument, "commitTokenInvalid", "token"), (await Refused.ByAsync(Groups.ReleaseRecordsAsync(new ReleaseRecordsRequest { Group = _group, Token = "none" }))).Told);
        Assert.Equal("commitTokenInvalid", (await Refused.ByAsync(Groups.CommitOffsetsAsync(new CommitOffsetsRequest { Group = _group, Token = forged }))).Code);
        Assert.Equal(
            (StatusCode.InvalidArgument, "invalidValue", "token"),
            (await Refused.ByAsync(Groups.CommitOffsetsAsync(new CommitOffsetsRequest { Group = _group, Token = token, Generation = 0 }))).Told);
    }

    private async Task<FetchForGroupResponse> FetchAsync(string topic, int max = 100) =>
        await Groups.FetchForGroupAsync(new FetchForGroupRequest { Group = _group, Topics = { topic }, Max = max });

    private async Task<string> FieldAsync(FetchForGroupRequest request)
    {
        Refused refused = await Refused.ByAsync(Groups.FetchForGroupAsync(request));
        return $"{refused.Code} {refused.Field}";
    }

    private static IEnumerable<string> Bodies(FetchForGroupResponse fetched) => fetched.Records.Select(record => record.Record.Body.ToStringUtf8());
}
