using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Messaging.V1;

namespace Messaging.Grpc.Tests.Topics;

/// <summary>Reading by one call: records, record batches, and where partitions begin and end.</summary>
public sealed class FetchRecordsTests(GrpcServer server) : IClassFixture<GrpcServer>
{
    private TopicService.TopicServiceClient Topics => server.Topics();

    [Fact]
    public async Task Pages_follow_each_other_by_their_next_offset()
    {
        string topic = await server.CreateTopicAsync();
        await server.PublishAsync(topic, 0, [.. Enumerable.Range(0, 250).Select(number => $"{number}")]);
        var read = new List<string>();
        long offset = 0;
        FetchRecordsResponse page;
        do
        {
            page = await Topics.FetchRecordsAsync(new FetchRecordsRequest { Topic = topic, Offset = offset });
            Assert.InRange(page.Records.Count, 0, 100);
            Assert.Equal(new PartitionOffsets { HighWatermark = 250, LastStableOffset = 250 }, page.Offsets);
            read.AddRange(page.Records.Select(record => record.Body.ToStringUtf8()));
            offset = page.NextOffset;
        }
        while (page.Records.Count > 0);

        Assert.Equal(Enumerable.Range(0, 250).Select(number => $"{number}"), read);
        Assert.Equal(250, offset);
        Assert.Equal(3, (await Topics.FetchRecordsAsync(new FetchRecordsRequest { Topic = topic, Offset = 7, Limit = 3 })).Records.Count);
    }

    [Fact]
    public async Task A_fetch_begins_at_an_offset_an_end_or_a_time()
    {
        string topic = await server.CreateTopicAsync();
        foreach (int second in (int[])[10, 20, 30])
        {
            await Topics.PublishRecordsAsync(new PublishRecordsRequest { Topic = topic, Records = { new OutgoingRecord { Timestamp = new Timestamp { Seconds = second } } } });
        }
        async Task<long> NextAsync(FetchRecordsRequest request)
        {
            (request.Topic, request.Limit) = (topic, 1);
            FetchRecordsResponse page = await Topics.FetchRecordsAsync(request);
            return page.Records.Count == 0 ? -page.NextOffset : page.Records.Single().Offset;
        }

        Assert.Equal(0, await NextAsync(new FetchRecordsRequest()));
        Assert.Equal(0, await NextAsync(new FetchRecordsRequest { End = PartitionEnd.Earliest }));
        Assert.Equal(-3, await NextAsync(new FetchRecordsRequest { End = PartitionEnd.Latest }));
        Assert.Equal(2, await NextAsync(new FetchRecordsRequest { Offset = 2 }));
        Assert.Equal(1, await NextAsync(new FetchRecordsRequest { Timestamp = new Timestamp { Seconds = 11 } }));
        Assert.Equal(-3, await NextAsync(new FetchRecordsRequest { Timestamp = new Timestamp { Seconds = 31 } }));
    }

    [Fact]
    public async Task A_fetch_waits_for_the_next_record()
    {
        string topic = await server.CreateTopicAsync();
        AsyncUnaryCall<FetchRecordsResponse> waiting = Topics.FetchRecordsAsync(new FetchRecordsRequest { Topic = topic, WaitSeconds = 20 });

        await server.PublishAsync(topic, 0, "now");

        Assert.Equal("now", (await waiting).Records.Single().Body.ToStringUtf8());
    }

    [Fact]
    public async Task What_can_t_be_fetched_is_refused_by_its_field()
    {
        string topic = await server.CreateTopicAsync();
        async Task<(StatusCode Status, string? Code, string? Field)> RefuseAsync(FetchRecordsRequest request)
        {
            request.Topic = topic;
            return (await Refused.ByAsync(Topics.FetchRecordsAsync(request))).Told;
        }

        Assert.Equal((StatusCode.OutOfRange, "offsetOutOfRange", "offset"), await RefuseAsync(new FetchRecordsRequest { Offset = 1 }));
        // Below 0 are numbers by which the broker itself knows the ends.
        Assert.Equal((StatusCode.InvalidArgument, "invalidValue", "offset"), await RefuseAsync(new FetchRecordsRequest { Offset = -1 }));
        Assert.Equal((StatusCode.InvalidArgument, "invalidValue", "end"), await RefuseAsync(new FetchRecordsRequest { End = (PartitionEnd)9 }));
        Assert.Equal((StatusCode.InvalidArgument, "invalidValue", "timestamp"), await RefuseAsync(new FetchRecordsRequest { Timestamp = new Timestamp { Nanos = -1 } }));
        Assert.Equal((StatusCode.NotFound, "partitionNotFound", "partition"), await RefuseAsync(new FetchRecordsRequest { Partition = 1 }));
        Assert.Equal((StatusCode.InvalidArgument, "invalidValue", "partition"), await RefuseAsync(new FetchRecordsRequest { Partition = -1 }));
        Assert.Equal((StatusCode.InvalidArgument, "invalidValue", "isolation"), await RefuseAsync(new FetchRecordsRequest { Isolation = (Isolation)9 }));
        Assert.Equal((StatusCode.InvalidArgument, "invalidValue", "limit"), await RefuseAsync(new FetchRecordsRequest { Limit = 1_001 }));
        Assert.Equal((StatusCode.InvalidArgument, "invalidValue", "maxBytes"), await RefuseAsync(new FetchRecordsRequest { MaxBytes = 0 }));
        Assert.Equal((StatusCode.InvalidArgument, "invalidValue", "minBytes"), await RefuseAsync(new FetchRecordsRequest { MaxBytes = 10, MinBytes = 11 }));
        Assert.Equal((StatusCode.InvalidArgument, "invalidValue", "waitSeconds"), await RefuseAsync(new FetchRecordsRequest { WaitSeconds = 21 }));
    }

    [Fact]
    public async Task Records_of_a_transaction_are_seen_when_it_is_committed_by_who_reads_committed_ones()
    {
        string topic = await server.CreateTopicAsync();
        RecordProducer producer = await server.BeginAsync();
        await Topics.PublishRecordsAsync(new PublishRecordsRequest { Topic = topic, Producer = producer, Records = { TopicSteps.Text("a") } });

        Assert.Equal(["a"], await server.BodiesAsync(topic));
        Assert.Empty(await server.BodiesAsync(topic, isolation: Isolation.ReadCommitted));
        Assert.Empty((await Topics.FetchBatchesAsync(new FetchBatchesRequest { Topic = topic, Isolation = Isolation.ReadCommitted })).Batches);
        await server.Transactions().CommitTransactionAsync(new CommitTransactionRequest { ProducerId = producer.Id, Transaction = producer.Transaction });
        Assert.Equal(["a"], await server.BodiesAsync(topic, isolation: Isolation.ReadCommitted));
    }

    [Fact]
    public async Task Batches_come_whole_with_as_many_bytes_as_asked_for()
    {
        string topic = await server.CreateTopicAsync();
        for (int i = 0; i < 3; i++) await server.PublishAsync(topic, 0, new string((char)('a' + i), 40_000), "x");

        FetchBatchesResponse one = await Topics.FetchBatchesAsync(new FetchBatchesRequest { Topic = topic, Offset = 1, MaxBytes = 1 });
        FetchBatchesResponse all = await Topics.FetchBatchesAsync(new FetchBatchesRequest { Topic = topic });

        // The first may begin before the offset.
        Assert.Contains("aaa", one.Batches.Single().ToStringUtf8(), StringComparison.Ordinal);
        Assert.Equal((2L, 6L), (one.NextOffset, one.Offsets.HighWatermark));
        Assert.Equal(3, all.Batches.Count);
        Assert.InRange(all.CalculateSize(), 120_000, 121_000);
        Assert.Equal((StatusCode.OutOfRange, "offsetOutOfRange", "offset"), (await Refused.ByAsync(Topics.FetchBatchesAsync(new FetchBatchesRequest { Topic = topic, Offset = 7 }))).Told);
        Assert.Equal((StatusCode.InvalidArgument, "invalidValue", "maxBytes"), (await Refused.ByAsync(Topics.FetchBatchesAsync(new FetchBatchesRequest { Topic = topic, MaxBytes = 16_777_217 }))).Told);
    }

    [Fact]
    public async Task A_record_larger_than_clients_take_by_default_comes_by_itself()
    {
        string topic = await server.CreateTopicAsync(new TopicDefinition { MaxMessageBytes = 16 * 1024 * 1024 });
        var large = new OutgoingRecord { Body = ByteString.CopyFrom(new byte[10 * 1024 * 1024]) };
        for (int i = 0; i < 2; i++) await Topics.PublishRecordsAsync(new PublishRecordsRequest { Topic = topic, Records = { large } });

        FetchRecordsResponse page = await Topics.FetchRecordsAsync(new FetchRecordsRequest { Topic = topic, MaxBytes = 16 * 1024 * 1024 });

        Assert.Equal((large.Body, 1L), (page.Records.Single().Body, page.NextOffset));
    }

    [Fact]
    public async Task Partitions_say_where_they_begin_and_end()
    {
        string topic = await server.CreateTopicAsync(new TopicDefinition { Partitions = 2 });
        await server.PublishAsync(topic, 1, "a", "b", "c");

        PartitionOffsets deleted = (await Topics.DeleteRecordsAsync(new DeleteRecordsRequest { Topic = topic, Partition = 1, Before = 2 })).Offsets;
        Partition[] partitions = [.. (await Topics.ListPartitionsAsync(new ListPartitionsRequest { Topic = topic })).Partitions];

        Assert.Equal(new PartitionOffsets { Partition = 1, LowOffset = 2, HighWatermark = 3, LastStableOffset = 3 }, deleted);
        Assert.Equal([new PartitionOffsets(), deleted], partitions.Select(partition => partition.Offsets));
        Assert.True(partitions[1].Bytes > 0);
        Assert.Equal(["c"], await server.BodiesAsync(topic, 1));
        Assert.Equal(3, (await Topics.DeleteRecordsAsync(new DeleteRecordsRequest { Topic = topic, Partition = 1, All = true })).Offsets.LowOffset);
    }

    [Fact]
    public async Task What_can_t_be_deleted_is_refused()
    {
        string topic = await server.CreateTopicAsync();
        Task<Refused> Refuse(DeleteRecordsRequest request) => Refused.ByAsync(Topics.DeleteRecordsAsync(request));

        Assert.Equal((StatusCode.OutOfRange, "offsetOutOfRange", "before"), (await Refuse(new DeleteRecordsRequest { Topic = topic, Before = 1 })).Told);
        Assert.Equal((StatusCode.InvalidArgument, "invalidValue", "before"), (await Refuse(new DeleteRecordsRequest { Topic = topic, Before = -1 })).Told);
        Assert.Equal((StatusCode.InvalidArgument, "invalidValue", "all"), (await Refuse(new DeleteRecordsRequest { Topic = topic, All = false })).Told);
        Assert.Equal((StatusCode.InvalidArgument, "missingField", "records"), (await Refuse(new DeleteRecordsRequest { Topic = topic })).Told);
        Assert.Equal((StatusCode.NotFound, "partitionNotFound", "partition"), (await Refuse(new DeleteRecordsRequest { Topic = topic, Partition = 1, All = true })).Told);
        Assert.Equal((StatusCode.InvalidArgument, "invalidValue", "partition"), (await Refuse(new DeleteRecordsRequest { Topic = topic, Partition = -1, All = true })).Told);
    }

    [Fact]
    public async Task Offsets_are_found_of_each_partition_or_of_one()
    {
        string topic = await server.CreateTopicAsync(new TopicDefinition { Partitions = 2 });
        var time = new Timestamp { Seconds = 20 };
        await Topics.PublishRecordsAsync(new PublishRecordsRequest
        {
            Topic = topic, Partition = 1, Records = { new OutgoingRecord { Timestamp = new Timestamp { Seconds = 10 } }, new OutgoingRecord { Timestamp = time } },
        });
        async Task<FoundOffset[]> FindAsync(FindOffsetsRequest request)
        {
            request.Topic = topic;
            return [.. (await Topics.FindOffsetsAsync(request)).Offsets];
        }

        Assert.Equal([new FoundOffset(), new FoundOffset { Partition = 1, Offset = 2 }], await FindAsync(new FindOffsetsRequest()));
        Assert.Equal([new FoundOffset { Partition = 1 }], await FindAsync(new FindOffsetsRequest { End = PartitionEnd.Earliest, Partition = 1 }));
        Assert.Equal([new FoundOffset(), new FoundOffset { Partition = 1, Offset = 1, Timestamp = time }], await FindAsync(new FindOffsetsRequest { Time = new Timestamp { Seconds = 11 } }));
        Assert.Equal((StatusCode.NotFound, "partitionNotFound", "partition"), (await Refused.ByAsync(Topics.FindOffsetsAsync(new FindOffsetsRequest { Topic = topic, Partition = 2 }))).Told);
        Assert.Equal((StatusCode.InvalidArgument, "invalidValue", "partition"), (await Refused.ByAsync(Topics.FindOffsetsAsync(new FindOffsetsRequest { Topic = topic, Partition = 10_000 }))).Told);
        Assert.Equal((StatusCode.InvalidArgument, "invalidValue", "time"), (await Refused.ByAsync(Topics.FindOffsetsAsync(new FindOffsetsRequest { Topic = topic, Time = new Timestamp { Nanos = -1 } }))).Told);
    }
}
