using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Messaging.V1;
using Record = Messaging.V1.Record;

namespace Messaging.Grpc.Tests.Topics;

/// <summary>TopicService.StreamFetch: a partition's records as they come, and how the stream ends.</summary>
public sealed class FetchStreamTests(GrpcServer server) : IClassFixture<GrpcServer>
{
    [Fact]
    public async Task Records_come_in_their_order_while_they_are_published()
    {
        const int Count = 2_000;
        string topic = await server.CreateTopicAsync();
        using var following = Follow(new StreamFetchRequest { Topic = topic });
        using var publishing = server.Topics().StreamPublish();

        Task<List<Record>> read = ReadAsync(following, Count);
        Task<List<StreamPublishResponse>> published = publishing.ResponseStream.ToListAsync();
        for (int i = 0; i < Count; i++)
            await publishing.RequestStream.WriteAsync(new StreamPublishRequest { Topic = topic, Records = { TopicSteps.Text($"{i}") } });
        await publishing.RequestStream.CompleteAsync();
        await published;

        Assert.Equal(Enumerable.Range(0, Count).Select(number => ((long)number, $"{number}")), (await read).Select(record => (record.Offset, record.Body.ToStringUtf8())));
    }

    [Fact]
    public async Task The_first_response_says_at_once_where_the_stream_begins()
    {
        string topic = await server.CreateTopicAsync();
        await server.PublishAsync(topic, 0, "before");
        using var following = Follow(new StreamFetchRequest { Topic = topic, End = PartitionEnd.Latest });

        StreamFetchResponse first = await NextAsync(following);
        await server.PublishAsync(topic, 0, "behind");

        Assert.Empty(first.Records);
        Assert.Equal((1L, new PartitionOffsets { HighWatermark = 1, LastStableOffset = 1 }), (first.NextOffset, first.Offsets));
        Assert.Equal((1L, "behind"), (await ReadAsync(following, 1)).Select(record => (record.Offset, record.Body.ToStringUtf8())).Single());
    }

    [Fact]
    public async Task A_stream_begins_at_an_offset_or_a_time()
    {
        string topic = await server.CreateTopicAsync();
        foreach (int second in (int[])[10, 20, 30])
            await server.Topics().PublishRecordsAsync(new PublishRecordsRequest { Topic = topic, Records = { new OutgoingRecord { Timestamp = new Timestamp { Seconds = second } } } });
        using var byOffset = Follow(new StreamFetchRequest { Topic = topic, Offset = 2 });
        using var byTime = Follow(new StreamFetchRequest { Topic = topic, Timestamp = new Timestamp { Seconds = 15 } });

        Assert.Equal(2, (await ReadAsync(byOffset, 1)).Single().Offset);
        Assert.Equal([1L, 2L], (await ReadAsync(byTime, 2)).Select(record => record.Offset));
    }

    [Fact]
    public async Task Responses_stay_below_what_clients_take_and_a_slow_reader_gets_everything()
    {
        const int Count = 24;
        string topic = await server.CreateTopicAsync(new TopicDefinition { MaxMessageBytes = 16 * 1024 * 1024 });
        OutgoingRecord Of(int number, int bytes) => new() { Body = ByteString.CopyFrom([.. Enumerable.Repeat((byte)number, bytes)]) };
        using var following = Follow(new StreamFetchRequest { Topic = topic });
        await NextAsync(following);
        for (int i = 0; i < Count; i++)
            await server.Topics().PublishRecordsAsync(new PublishRecordsRequest { Topic = topic, Records = { Of(i, 1024 * 1024), Of(i, 10) } });

        var read = new List<Record>();
        while (read.Count < 2 * Count)
        {
            StreamFetchResponse response = await NextAsync(following);
            Assert.InRange(response.CalculateSize(), 0, 4 * 1024 * 1024);
            read.AddRange(response.Records);
            Assert.Equal(read.Count, response.NextOffset);
        }
        await server.Topics().PublishRecordsAsync(new PublishRecordsRequest { Topic = topic, Records = { Of(1, 5 * 1024 * 1024) } });

        Assert.Equal(Enumerable.Range(0, 2 * Count).Select(number => (byte)(number / 2)), read.Select(record => record.Body[0]));
        Assert.Equal(5 * 1024 * 1024, (await ReadAsync(following, 1)).Single().Body.Length);
    }

    [Fact]
    public async Task For_a_client_that_does_not_read_one_response_is_held_and_it_gets_everything_later()
    {
        const int Count = 24, Bytes = 1024 * 1024;
        string topic = await server.CreateTopicAsync(new TopicDefinition { MaxMessageBytes = 2 * Bytes });
        using var following = Follow(new StreamFetchRequest { Topic = topic });
        await NextAsync(following);

        for (int i = 0; i < Count; i++)
        {
            await server.Topics().PublishRecordsAsync(new PublishRecordsRequest { Topic = topic, Records = { new OutgoingRecord { Body = ByteString.CopyFrom([.. Enumerable.Repeat((byte)i, Bytes)]) } } });
            // When the first of them is on its way.
            while (server.Budgets.Answers.Taken == 0) await Task.Yield();
            Assert.InRange(server.Budgets.Answers.Taken, Bytes, Bytes + 1_000);
        }

        Assert.Equal(Enumerable.Range(0, Count).Select(number => ((long)number, (byte)number)), (await ReadAsync(following, Count)).Select(record => (record.Offset, record.Body[^1])));
        while (server.Budgets.Answers.Taken != 0) await Task.Yield();
    }

    [Fact]
    public async Task Who_reads_committed_records_gets_those_of_a_transaction_when_it_is_committed_and_aborted_ones_never()
    {
        string topic = await server.CreateTopicAsync();
        RecordProducer aborted = await server.BeginAsync();
        RecordProducer committed = await server.BeginAsync();
        using var following = Follow(new StreamFetchRequest { Topic = topic, Isolation = Isolation.ReadCommitted });
        Assert.Equal(0, (await NextAsync(following)).NextOffset);

        await server.Topics().PublishRecordsAsync(new PublishRecordsRequest { Topic = topic, Producer = aborted, Records = { TopicSteps.Text("never") } });
        await server.Topics().PublishRecordsAsync(new PublishRecordsRequest { Topic = topic, Producer = committed, Records = { TopicSteps.Text("in time") } });
        await server.Transactions().AbortTransactionAsync(new AbortTransactionRequest { ProducerId = aborted.Id, Transaction = aborted.Transaction });
        // Of what was aborted only the place is told.
        StreamFetchResponse passed = await NextAsync(following);
        await server.Transactions().CommitTransactionAsync(new CommitTransactionRequest { ProducerId = committed.Id, Transaction = committed.Transaction });

        Assert.Equal((0, 1L), (passed.Records.Count, passed.NextOffset));
        // And only once: the next response goes on from there.
        Assert.Equal("in time", (await NextAsync(following)).Records.Single().Body.ToStringUtf8());
    }

    [Fact]
    public async Task What_can_t_be_followed_is_refused()
    {
        string topic = await server.CreateTopicAsync();

        Assert.Equal((StatusCode.OutOfRange, "offsetOutOfRange", "offset"), await RefusedAsync(new StreamFetchRequest { Topic = topic, Offset = 1 }));
        Assert.Equal((StatusCode.InvalidArgument, "invalidValue", "offset"), await RefusedAsync(new StreamFetchRequest { Topic = topic, Offset = -2 }));
        Assert.Equal((StatusCode.InvalidArgument, "invalidValue", "isolation"), await RefusedAsync(new StreamFetchRequest { Topic = topic, Isolation = (Isolation)9 }));
        Assert.Equal((StatusCode.NotFound, "partitionNotFound", "partition"), await RefusedAsync(new StreamFetchRequest { Topic = topic, Partition = 1 }));
        Assert.Equal((StatusCode.InvalidArgument, "invalidValue", "partition"), await RefusedAsync(new StreamFetchRequest { Topic = topic, Partition = -1 }));
        Assert.Equal((StatusCode.NotFound, "topicNotFound", null), await RefusedAsync(new StreamFetchRequest { Topic = "nobody" }));
    }

    [Fact]
    public async Task A_stream_ends_with_its_topic()
    {
        string topic = await server.CreateTopicAsync();
        using var following = Follow(new StreamFetchRequest { Topic = topic });
        await NextAsync(following);

        await server.Topics().DeleteTopicAsync(new DeleteTopicRequest { Topic = topic });

        Assert.Equal((StatusCode.NotFound, "topicNotFound", null), (await Refused.ByAsync(following.ResponseStream.MoveNext(CancellationToken.None))).Told);
    }

    [Fact]
    public async Task A_stream_whose_records_are_deleted_before_it_has_come_to_them_says_so()
    {
        string topic = await server.CreateTopicAsync();
        await server.PublishAsync(topic, 0, "a", "b");
        await server.Topics().DeleteRecordsAsync(new DeleteRecordsRequest { Topic = topic, Before = 1 });

        Assert.Equal((StatusCode.OutOfRange, "offsetOutOfRange", "offset"), await RefusedAsync(new StreamFetchRequest { Topic = topic, Offset = 0 }));
    }

    [Fact]
    public async Task A_stream_ends_by_its_deadline_and_by_its_client()
    {
        string topic = await server.CreateTopicAsync();
        using var leaving = new CancellationTokenSource();
        using var cancelled = server.Topics().StreamFetch(new StreamFetchRequest { Topic = topic }, cancellationToken: leaving.Token);
        await NextAsync(cancelled);
        using var timed = server.Topics().StreamFetch(new StreamFetchRequest { Topic = topic }, deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddMilliseconds(300));

        await leaving.CancelAsync();

        Assert.Equal(StatusCode.Cancelled, (await Refused.ByAsync(ReadToEndAsync(cancelled))).Status);
        Assert.Equal(StatusCode.DeadlineExceeded, (await Refused.ByAsync(ReadToEndAsync(timed))).Status);
    }

    [Fact]
    public async Task A_stream_ends_when_the_server_stops()
    {
        await using GrpcServer own = await GrpcServer.StartAsync();
        using var following = own.Topics().StreamFetch(new StreamFetchRequest { Topic = await own.CreateTopicAsync() });
        await NextAsync(following);

        Task<Refused> reading = Refused.ByAsync(following.ResponseStream.MoveNext(CancellationToken.None));
        Task stopping = own.Server.StopAsync();

        Assert.Equal((StatusCode.Unavailable, "stopping", null), (await reading).Told);
        await stopping;
    }

    private AsyncServerStreamingCall<StreamFetchResponse> Follow(StreamFetchRequest request) => server.Topics().StreamFetch(request);

    private async Task<(StatusCode Status, string? Code, string? Field)> RefusedAsync(StreamFetchRequest request)
    {
        using var call = Follow(request);
        return (await Refused.ByAsync(call.ResponseStream.MoveNext(CancellationToken.None))).Told;
    }

    private static async Task<StreamFetchResponse> NextAsync(AsyncServerStreamingCall<StreamFetchResponse> call)
    {
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        return call.ResponseStream.Current;
    }

    private static async Task<List<Record>> ReadAsync(AsyncServerStreamingCall<StreamFetchResponse> call, int count)
    {
        var records = new List<Record>();
        while (records.Count < count) records.AddRange((await NextAsync(call)).Records);
        return records;
    }

    private static Task ReadToEndAsync(AsyncServerStreamingCall<StreamFetchResponse> call) => call.ResponseStream.ToListAsync();
}
