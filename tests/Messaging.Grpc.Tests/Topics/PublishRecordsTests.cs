using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Messaging.TestKit;
using Messaging.V1;
using Attribute = Messaging.V1.Attribute;
using Record = Messaging.V1.Record;

namespace Messaging.Grpc.Tests.Topics;

/// <summary>Publishing by one call: records, records of producers, and record batches as they are.</summary>
public sealed class PublishRecordsTests(GrpcServer server) : IClassFixture<GrpcServer>
{
    private TopicService.TopicServiceClient Topics => server.Topics();

    [Fact]
    public async Task A_record_is_fetched_as_it_was_published()
    {
        string topic = await server.CreateTopicAsync(new TopicDefinition { Partitions = 2 });
        var sent = new OutgoingRecord
        {
            Key = ByteString.CopyFrom(1, 0xff), Body = ByteString.CopyFrom(0, 0xfe), ContentType = "application/x-thing", Partition = 1, Timestamp = new Timestamp { Seconds = 5, Nanos = 250_000_000 }, Subject = "s",
            Attributes = { ["n"] = new Attribute { Number = "7.50" } },
            Headers = { new RecordHeader { Name = "h", Value = ByteString.CopyFrom(9) }, new RecordHeader { Name = "h", Value = ByteString.CopyFromUtf8("again") } },
        };

        PublishResult result = (await Topics.PublishRecordsAsync(new PublishRecordsRequest { Topic = topic, Records = { sent } })).Results.Single();
        Record fetched = (await Topics.FetchRecordsAsync(new FetchRecordsRequest { Topic = topic, Partition = 1 })).Records.Single();

        Assert.Equal(new PublishResult { Partition = 1 }, result);
        Assert.Equal((0L, sent.Key, sent.Body, sent.ContentType, sent.Timestamp), (fetched.Offset, fetched.Key, fetched.Body, fetched.ContentType, fetched.Timestamp));
        Assert.Equal([new RecordHeader { Name = "n", Value = ByteString.CopyFromUtf8("7.50") }, .. sent.Headers], fetched.Headers);
    }

    [Fact]
    public async Task Nothing_and_empty_are_told_apart()
    {
        string topic = await server.CreateTopicAsync();
        var request = new PublishRecordsRequest
        {
            Topic = topic,
            Records =
            {
                new OutgoingRecord { Headers = { new RecordHeader { Name = "h" } } },
                new OutgoingRecord { Key = ByteString.Empty, Body = ByteString.Empty, Headers = { new RecordHeader { Name = "h", Value = ByteString.Empty } } },
            },
        };

        await Topics.PublishRecordsAsync(request);
        Record[] fetched = [.. (await Topics.FetchRecordsAsync(new FetchRecordsRequest { Topic = topic })).Records];

        Assert.Equal([(false, false, false), (true, true, true)], fetched.Select(record => (record.HasKey, record.HasBody, record.Headers.Single().HasValue)));
    }

    [Fact]
    public async Task Records_go_where_they_say_and_those_of_one_key_together()
    {
        string topic = await server.CreateTopicAsync(new TopicDefinition { Partitions = 5 });
        OutgoingRecord Of(string key) => new() { Key = ByteString.CopyFromUtf8(key), Body = ByteString.Empty };

        var request = new PublishRecordsRequest { Topic = topic, Records = { Of("a"), Of("b"), Of("a"), new OutgoingRecord { Key = ByteString.CopyFromUtf8("a"), Partition = 4 } } };
        PublishResult[] results = [.. (await Topics.PublishRecordsAsync(request)).Results];
        PublishRecordsResponse together = await Topics.PublishRecordsAsync(new PublishRecordsRequest { Topic = topic, Partition = 3, Records = { Of("a"), Of("b") } });

        Assert.Equal(results[0].Partition, results[2].Partition);
        Assert.Equal(results[0].Offset + 1 + (results[1].Partition == results[0].Partition ? 1 : 0), results[2].Offset);
        Assert.Equal(4, results[3].Partition);
        Assert.All(together.Results, result => Assert.Equal(3, result.Partition));
    }

    [Fact]
    public async Task One_bad_record_never_fails_the_others()
    {
        string topic = await server.CreateTopicAsync(new TopicDefinition { MaxMessageBytes = 1024 });
        var request = new PublishRecordsRequest
        {
            Topic = topic,
            Records =
            {
                TopicSteps.Text("good"), new OutgoingRecord { ContentType = "no type" }, new OutgoingRecord { Body = ByteString.CopyFrom(new byte[1025]) }, new OutgoingRecord { Partition = 7 },
                new OutgoingRecord { Partition = -1 }, new OutgoingRecord { Attributes = { ["x"] = new Attribute() } }, new OutgoingRecord { Timestamp = new Timestamp { Seconds = -1 } },
                new OutgoingRecord { Sequence = 0, Partition = 0 }, new OutgoingRecord { Headers = { new RecordHeader { Name = "_m.x" } } }, new OutgoingRecord { DeduplicationId = "d" }, TopicSteps.Text("too"),
            },
        };

        PublishRecordsResponse response = await Topics.PublishRecordsAsync(request);

        Assert.Equal(
            [
                null, "invalidValue records[1].contentType", "messageTooLarge records[2]", "partitionNotFound records[3].partition", "invalidValue records[4].partition", "invalidValue records[5].attributes[\"x\"]",
                "invalidValue records[6].timestamp", "invalidValue records[7].sequence", "invalidValue records[8].headers", "invalidValue records[9].deduplicationId", null,
            ],
            response.Results.Select(result => result.Error is null ? null : $"{result.Error.Code} {result.Error.Field}"));
        Assert.Equal(["good", "too"], await server.BodiesAsync(topic));
    }

    [Fact]
    public async Task A_call_of_which_nothing_succeeds_is_refused_as_its_first_record_and_tells_all()
    {
        string topic = await server.CreateTopicAsync();
        var request = new PublishRecordsRequest { Topic = topic, Partition = 0, Records = { new OutgoingRecord { Partition = 1 }, new OutgoingRecord { ContentType = "x" } } };

        RpcException exception = await Assert.ThrowsAsync<RpcException>(async () => await Topics.PublishRecordsAsync(request));

        Assert.Equal((StatusCode.InvalidArgument, "invalidValue", "records[0].partition"), Refused.Of(exception).Told);
        Assert.Equal(["records[0].partition", "records[1].contentType"], exception.GetRpcStatus()!.GetDetail<BatchFailure>()!.Errors.Select(error => error.Field));
    }

    [Fact]
    public async Task A_publish_under_an_idempotency_key_is_stored_once()
    {
        string topic = await server.CreateTopicAsync();
        var key = new Metadata { { "idempotency-key", "k1" } };
        PublishRecordsRequest Of(string body) => new() { Topic = topic, Records = { TopicSteps.Text(body) } };

        PublishRecordsResponse first = await Topics.PublishRecordsAsync(Of("x"), key);

        Assert.Equal(first, await Topics.PublishRecordsAsync(Of("x"), key));
        Assert.Equal((StatusCode.AlreadyExists, "idempotencyKeyReused", null), (await Refused.ByAsync(Topics.PublishRecordsAsync(Of("y"), key))).Told);
        Assert.Equal(["x"], await server.BodiesAsync(topic));
    }

    [Fact]
    public async Task A_FIFO_topic_stores_what_has_one_deduplication_id_once()
    {
        string topic = await server.CreateTopicAsync(new TopicDefinition { Type = TopicType.Fifo });
        OutgoingRecord Of(string body, string id) => new() { Key = ByteString.CopyFromUtf8("g"), Body = ByteString.CopyFromUtf8(body), DeduplicationId = id };

        PublishRecordsResponse published = await Topics.PublishRecordsAsync(new PublishRecordsRequest { Topic = topic, Records = { Of("1", "a"), Of("2", "b"), Of("3", "a") } });

        Assert.Equal([(0L, false), (1L, false), (0L, true)], published.Results.Select(result => (result.Offset, result.Duplicate)));
        Assert.Equal(["1", "2"], await server.BodiesAsync(topic));
    }

    [Fact]
    public async Task What_a_producer_sends_again_is_stored_once_and_a_gap_is_refused()
    {
        string topic = await server.CreateTopicAsync();
        RecordProducer producer = await server.InitProducerAsync();
        PublishRecordsRequest Of(params OutgoingRecord[] records) => new() { Topic = topic, Producer = producer, Records = { records } };

        PublishRecordsRequest request = Of(TopicSteps.Text("a", 0), TopicSteps.Text("b", 1));
        PublishRecordsResponse first = await Topics.PublishRecordsAsync(request);
        PublishRecordsResponse again = await Topics.PublishRecordsAsync(request);

        Assert.Equal([(0L, false), (1L, false)], first.Results.Select(result => (result.Offset, result.Duplicate)));
        Assert.Equal([(0L, true), (1L, true)], again.Results.Select(result => (result.Offset, result.Duplicate)));
        Assert.Equal((StatusCode.FailedPrecondition, "outOfOrderSequence", "records[0].sequence"), (await Refused.ByAsync(Topics.PublishRecordsAsync(Of(TopicSteps.Text("z", 7))))).Told);
        Assert.Equal(["a", "b"], await server.BodiesAsync(topic));
    }

    [Fact]
    public async Task A_bad_record_of_a_producer_refuses_all_of_them()
    {
        string topic = await server.CreateTopicAsync();
        var request = new PublishRecordsRequest { Topic = topic, Producer = await server.InitProducerAsync(), Records = { TopicSteps.Text("a", 0), new OutgoingRecord { ContentType = "x", Partition = 0, Sequence = 1 } } };

        Assert.Equal((StatusCode.InvalidArgument, "invalidValue", "records[1].contentType"), (await Refused.ByAsync(Topics.PublishRecordsAsync(request))).Told);
        Assert.Empty(await server.BodiesAsync(topic));
    }

    [Theory]
    [InlineData(-1, 0, "", StatusCode.InvalidArgument, "invalidValue", "producer.id")]
    [InlineData(7, -1, "", StatusCode.InvalidArgument, "invalidValue", "producer.epoch")]
    [InlineData(7, 32_768, "", StatusCode.InvalidArgument, "invalidValue", "producer.epoch")]
    [InlineData(7, 3, "4", StatusCode.InvalidArgument, "invalidValue", "producer.transaction")]
    [InlineData(long.MaxValue, 0, "0", StatusCode.NotFound, "producerNotFound", "producer.id")]
    public async Task A_producer_that_can_t_be_is_refused(long id, int epoch, string transaction, StatusCode status, string code, string field)
    {
        var request = new PublishRecordsRequest
        {
            Topic = await server.CreateTopicAsync(), Producer = new RecordProducer { Id = id, Epoch = epoch, Transaction = transaction }, Records = { TopicSteps.Text("x", 0) },
        };

        Assert.Equal((status, code, field), (await Refused.ByAsync(Topics.PublishRecordsAsync(request))).Told);
    }

    [Fact]
    public async Task A_producer_takes_no_idempotency_key()
    {
        var request = new PublishRecordsRequest { Topic = await server.CreateTopicAsync(), Producer = await server.InitProducerAsync(), Records = { TopicSteps.Text("x", 0) } };

        Refused refused = await Refused.ByAsync(Topics.PublishRecordsAsync(request, new Metadata { { "idempotency-key", "k" } }));

        Assert.Equal((StatusCode.InvalidArgument, "invalidValue", "idempotency-key"), refused.Told);
    }

    [Fact]
    public async Task A_record_batch_is_stored_as_it_is_and_known_again()
    {
        string topic = await server.CreateTopicAsync();
        await server.PublishAsync(topic, 0, "before");
        byte[] batch = ProducedBatch.Of(["a", "b"], producerId: (await server.InitProducerAsync()).Id, producerEpoch: 0, baseSequence: 0);
        var request = new PublishBatchRequest { Topic = topic, Partition = 0, Batch = ByteString.CopyFrom(batch) };

        PublishBatchResponse first = await Topics.PublishBatchAsync(request);
        PublishBatchResponse again = await Topics.PublishBatchAsync(request);
        FetchBatchesResponse fetched = await Topics.FetchBatchesAsync(new FetchBatchesRequest { Topic = topic, Offset = 1 });

        Assert.Equal(new PublishBatchResponse { BaseOffset = 1, Count = 2 }, first);
        Assert.Equal(new PublishBatchResponse { BaseOffset = 1, Count = 2, Duplicate = true }, again);
        // All behind the base offset and the leader epoch, which are the broker's, is the producer's.
        Assert.Equal(batch[16..], fetched.Batches.Single().ToByteArray()[16..]);
        Assert.Equal(["before", "a", "b"], await server.BodiesAsync(topic));
    }

    [Fact]
    public async Task A_record_batch_that_can_t_be_is_refused()
    {
        string topic = await server.CreateTopicAsync();
        byte[] batch = ProducedBatch.Of(["a"]);
        byte[] corrupt = [.. batch[..^1], (byte)(batch[^1] ^ 1)];
        Task<Refused> Refuse(byte[] bytes, int partition = 0, Metadata? metadata = null) =>
            Refused.ByAsync(Topics.PublishBatchAsync(new PublishBatchRequest { Topic = topic, Partition = partition, Batch = ByteString.CopyFrom(bytes) }, metadata));

        Assert.Equal((StatusCode.InvalidArgument, "batchInvalid"), ((await Refuse([])).Status, (await Refuse([])).Code));
        Assert.Equal((StatusCode.InvalidArgument, "batchCorrupt"), ((await Refuse(corrupt)).Status, (await Refuse(corrupt)).Code));
        Assert.Equal((StatusCode.NotFound, "partitionNotFound", "partition"), (await Refuse(batch, partition: 1)).Told);
        Assert.Equal((StatusCode.NotFound, "producerNotFound", "batch"), (await Refuse(ProducedBatch.Of(["a"], producerId: 99, producerEpoch: 0, baseSequence: 0))).Told);
        Assert.Equal((StatusCode.InvalidArgument, "invalidValue", "partition"), (await Refuse(batch, partition: -1)).Told);
        Assert.Equal((StatusCode.InvalidArgument, "notSupported", "idempotency-key"), (await Refuse(batch, metadata: new Metadata { { "idempotency-key", "k" } })).Told);
        Assert.Empty(await server.BodiesAsync(topic));
    }
}
