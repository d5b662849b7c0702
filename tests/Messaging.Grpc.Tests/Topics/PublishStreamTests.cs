using Google.Protobuf;
using Grpc.Core;
using Messaging.V1;

namespace Messaging.Grpc.Tests.Topics;

/// <summary>TopicService.StreamPublish: a response for each request, in their order; and once, where a producer sends again.</summary>
public sealed class PublishStreamTests(GrpcServer server) : IClassFixture<GrpcServer>
{
    [Fact]
    public async Task Requests_that_do_not_wait_for_responses_are_answered_in_their_order_and_stored_in_it()
    {
        const int Count = 3_000;
        string topic = await server.CreateTopicAsync();
        using var call = server.Topics().StreamPublish();

        Task<List<StreamPublishResponse>> responses = call.ResponseStream.ToListAsync();
        for (int i = 0; i < Count; i++)
            await call.RequestStream.WriteAsync(new StreamPublishRequest { Topic = i == 0 ? topic : "", Records = { TopicSteps.Text($"{i}") } });
        await call.RequestStream.CompleteAsync();

        Assert.Equal(Enumerable.Range(0, Count).Select(number => (long)number), (await responses).Select(response => response.Results.Single().Offset));
        var stored = new List<string>();
        while (stored.Count < Count)
        {
            FetchRecordsResponse page = await server.Topics().FetchRecordsAsync(new FetchRecordsRequest { Topic = topic, Offset = stored.Count, Limit = 1_000 });
            Assert.NotEmpty(page.Records);
            stored.AddRange(page.Records.Select(record => record.Body.ToStringUtf8()));
        }
        Assert.Equal(Enumerable.Range(0, Count).Select(number => $"{number}"), stored);
    }

    [Fact]
    public async Task A_refused_record_is_told_so_at_its_place_and_the_stream_goes_on()
    {
        string topic = await server.CreateTopicAsync();
        using var call = server.Topics().StreamPublish();

        await call.RequestStream.WriteAsync(new StreamPublishRequest { Topic = topic, Records = { new OutgoingRecord { Partition = 3 }, TopicSteps.Text("1") } });
        await call.RequestStream.WriteAsync(new StreamPublishRequest { Records = { new OutgoingRecord { ContentType = "?" } } });
        await call.RequestStream.WriteAsync(new StreamPublishRequest { Topic = topic, Records = { TopicSteps.Text("2") } });
        await call.RequestStream.CompleteAsync();

        Assert.Equal(
            ["partitionNotFound records[0].partition|", "invalidValue records[0].contentType", ""],
            (await call.ResponseStream.ToListAsync()).Select(response => string.Join('|', response.Results.Select(result => result.Error is null ? "" : $"{result.Error.Code} {result.Error.Field}"))));
        Assert.Equal(["1", "2"], await server.BodiesAsync(topic));
    }

    [Fact]
    public async Task What_a_producer_sent_without_waiting_is_known_request_by_request_when_it_is_sent_again()
    {
        string topic = await server.CreateTopicAsync(new TopicDefinition { Partitions = 2 });
        RecordProducer producer = await server.InitProducerAsync();
        StreamPublishRequest[] requests =
        [
            new() { Topic = topic, Producer = producer, Records = { TopicSteps.Text("0", 0), TopicSteps.Text("1", 1), TopicSteps.Text("a", 0, partition: 1) } },
            new() { Topic = topic, Producer = producer, Records = { TopicSteps.Text("2", 2) } },
            new() { Topic = topic, Records = { new OutgoingRecord { Body = ByteString.CopyFromUtf8("nobody's"), Partition = 1 } } },
            new() { Topic = topic, Producer = producer, Records = { TopicSteps.Text("3", 3), TopicSteps.Text("b", 1, partition: 1) } },
        ];

        List<StreamPublishResponse> first = await PublishAsync(requests);
        // Other requests have gathered by then, or none: how a commit was shared says nothing about what is known.
        List<StreamPublishResponse> again = await PublishAsync(requests[1], requests[3]);
        List<StreamPublishResponse> oldest = await PublishAsync(requests[0]);

        Assert.All(first.SelectMany(response => response.Results), result => Assert.False(result.Duplicate));
        Assert.Equal([(2L, true), (3L, true), (2L, true)], again.SelectMany(response => response.Results).Select(result => (result.Offset, result.Duplicate)));
        Assert.Equal([(0L, true), (1L, true), (0L, true)], oldest.SelectMany(response => response.Results).Select(result => (result.Offset, result.Duplicate)));
        Assert.Equal(["0", "1", "2", "3"], await server.BodiesAsync(topic));
        Assert.Equal(["a", "nobody's", "b"], await server.BodiesAsync(topic, 1));
    }

    [Fact]
    public async Task Many_requests_of_a_producer_keep_their_order()
    {
        const int Count = 300;
        string topic = await server.CreateTopicAsync();
        RecordProducer producer = await server.InitProducerAsync();

        List<StreamPublishResponse> responses = await PublishAsync(
            [.. Enumerable.Range(0, Count).Select(number => new StreamPublishRequest { Topic = topic, Producer = producer, Records = { TopicSteps.Text($"{number}", number) } })]);

        Assert.Equal(Enumerable.Range(0, Count).Select(number => ((long)number, (EntryError?)null)), responses.Select(response => (response.Results.Single().Offset, (EntryError?)response.Results.Single().Error)));
        Assert.Equal(Enumerable.Range(0, Count).Select(number => $"{number}"), await server.BodiesAsync(topic));
    }

    [Fact]
    public async Task A_gap_in_the_sequences_is_told_and_what_follows_it_is_not_stored_either()
    {
        string topic = await server.CreateTopicAsync();
        RecordProducer producer = await server.InitProducerAsync();
        StreamPublishRequest Of(int sequence) => new() { Topic = topic, Producer = producer, Records = { TopicSteps.Text($"{sequence}", sequence) } };

        List<StreamPublishResponse> responses = await PublishAsync(Of(0), Of(2), Of(3), Of(1));

        Assert.Equal([null, "outOfOrderSequence records[0].sequence", "outOfOrderSequence records[0].sequence", null], responses.Select(response => response.Results.Single().Error is { } error ? $"{error.Code} {error.Field}" : null));
        Assert.Equal(["0", "1"], await server.BodiesAsync(topic));
    }

    [Fact]
    public async Task A_producer_that_is_fenced_ends_the_stream_behind_what_it_had_stored()
    {
        string topic = await server.CreateTopicAsync();
        string id = GrpcServer.NewName();
        RecordProducer elder = await server.InitProducerAsync(id);
        using var call = server.Topics().StreamPublish();

        await call.RequestStream.WriteAsync(new StreamPublishRequest { Topic = topic, Producer = elder, Records = { TopicSteps.Text("a", 0) } });
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        await server.InitProducerAsync(id);
        await call.RequestStream.WriteAsync(new StreamPublishRequest { Topic = topic, Producer = elder, Records = { TopicSteps.Text("b", 1) } });

        Assert.Equal((StatusCode.FailedPrecondition, "producerFenced", "producer.epoch"), (await Refused.ByAsync(call.ResponseStream.MoveNext(CancellationToken.None))).Told);
        Assert.Equal(["a"], await server.BodiesAsync(topic));
    }

    [Fact]
    public async Task What_was_published_before_a_request_that_ends_the_stream_is_answered()
    {
        string topic = await server.CreateTopicAsync();
        using var call = server.Topics().StreamPublish();

        await call.RequestStream.WriteAsync(new StreamPublishRequest { Topic = topic, Records = { TopicSteps.Text("1") } });
        await call.RequestStream.WriteAsync(new StreamPublishRequest { Topic = "another", Records = { TopicSteps.Text("2") } });

        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Null(call.ResponseStream.Current.Results.Single().Error);
        Assert.Equal((StatusCode.InvalidArgument, "invalidValue", "topic"), (await Refused.ByAsync(call.ResponseStream.MoveNext(CancellationToken.None))).Told);
    }

    [Theory]
    [InlineData("nobody", 1, StatusCode.NotFound, "topicNotFound", null)]
    [InlineData("", 1, StatusCode.InvalidArgument, "invalidName", "topic")]
    [InlineData("nobody", 0, StatusCode.InvalidArgument, "batchEmpty", "records")]
    public async Task A_stream_that_can_t_be_ends_with_its_status(string topic, int records, StatusCode status, string code, string? field)
    {
        using var call = server.Topics().StreamPublish();
        await call.RequestStream.WriteAsync(new StreamPublishRequest { Topic = topic, Records = { Enumerable.Repeat(TopicSteps.Text("x"), records) } });

        Refused refused = await Refused.ByAsync(call.ResponseStream.MoveNext(CancellationToken.None));

        Assert.Equal((status, code, field), refused.Told);
    }

    [Fact]
    public async Task A_stream_ends_when_the_server_stops()
    {
        await using GrpcServer own = await GrpcServer.StartAsync();
        string topic = await own.CreateTopicAsync();
        using var call = own.Topics().StreamPublish();
        await call.RequestStream.WriteAsync(new StreamPublishRequest { Topic = topic, Records = { TopicSteps.Text("1") } });
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));

        Task<Refused> reading = Refused.ByAsync(call.ResponseStream.MoveNext(CancellationToken.None));
        Task stopping = own.Server.StopAsync();

        Assert.Equal((StatusCode.Unavailable, "stopping", null), (await reading).Told);
        await stopping;
    }

    private async Task<List<StreamPublishResponse>> PublishAsync(params StreamPublishRequest[] requests)
    {
        using var call = server.Topics().StreamPublish();
        Task<List<StreamPublishResponse>> responses = call.ResponseStream.ToListAsync();
        foreach (StreamPublishRequest request in requests) await call.RequestStream.WriteAsync(request);
        await call.RequestStream.CompleteAsync();
        return await responses;
    }
}
