using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;
using Grpc.Core;
using Messaging.Grpc.Tests.Queues;
using Messaging.Grpc.Tests.Topics;
using Messaging.Grpc.Tests.Wire;
using Messaging.TestKit;
using Messaging.V1;

namespace Messaging.Grpc.Tests.Calls;

/// <summary>Large answers that find no place in the bound on all of them: refused for now, and everything is as if nobody had asked.</summary>
public sealed class LentAnswerTests(GrpcServer server) : IClassFixture<GrpcServer>
{
    private const int LargeBytes = 100_000;

    private static readonly string Large = new('x', LargeBytes);

    [Fact]
    public async Task Messages_of_a_receive_that_is_refused_are_there_at_once_and_were_never_received()
    {
        string dead = await server.CreateQueueAsync();
        // A receive that counted would move them, and one that was a release would make them wait.
        string queue = await server.CreateQueueAsync(new QueueDefinition { DeadLetter = new DeadLetter { Queue = dead, MaxReceives = 1 }, Retry = new Retry { MinSeconds = 100 } });
        await server.SendAsync(queue, Large, "small");
        using (new FullBudget(server.Budgets.Answers))
        {
            for (int i = 0; i < 3; i++)
                AssertOverloaded(await Refused.ByAsync(server.Queues.ReceiveMessagesAsync(new ReceiveMessagesRequest { Queue = queue, Max = 10 })));
            QueueCounts counts = await server.CountAsync(queue);
            Assert.Equal((2L, 0L, 0L), (counts.Ready, counts.Leased, counts.Delayed));
        }

        Message[] received = await server.ReceiveAsync(queue);

        Assert.Equal([(LargeBytes, 1), (5, 1)], received.Select(message => (message.Body.Length, message.ReceiveCount)));
        Assert.Equal(new QueueCounts(), await server.CountAsync(dead));
    }

    [Fact]
    public async Task An_answer_that_nobody_reads_keeps_its_place_until_its_time_is_over()
    {
        var clock = new ManualTimeProvider();
        await using GrpcServer own = await GrpcServer.StartAsync(clock);
        string queue = await own.CreateQueueAsync(), large = new('x', 900_000);
        await own.SendAsync(queue, large, large, large);
        using var client = new HttpClient { BaseAddress = own.Address };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/messaging.v1.QueueService/BrowseMessages")
        {
            Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(RawCall.Frame(new BrowseMessagesRequest { Queue = queue }.ToByteArray())),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");

        using HttpResponseMessage answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.InRange(own.Budgets.Answers.Taken, 3 * large.Length, long.MaxValue);
        clock.Advance(TimeSpan.FromSeconds(120));
        while (own.Budgets.Answers.Taken != 0) await Task.Yield();

        await Assert.ThrowsAnyAsync<IOException>(async () => await (await answer.Content.ReadAsStreamAsync()).CopyToAsync(Stream.Null));
    }

    [Fact]
    public async Task Messages_that_are_looked_at_are_shown_when_there_is_a_place()
    {
        string queue = await server.CreateQueueAsync();
        await server.SendAsync(queue, Large);
        var browse = new BrowseMessagesRequest { Queue = queue };
        var get = new GetMessageRequest { Queue = queue, Id = (await server.Queues.BrowseMessagesAsync(browse)).Messages.Single().Message.Id };
        using (new FullBudget(server.Budgets.Answers))
        {
            AssertOverloaded(await Refused.ByAsync(server.Queues.BrowseMessagesAsync(browse)));
            AssertOverloaded(await Refused.ByAsync(server.Queues.GetMessageAsync(get)));
        }

        Assert.Equal(LargeBytes, (await server.Queues.BrowseMessagesAsync(browse)).Messages.Single().Message.Body.Length);
        Assert.Equal(LargeBytes, (await server.Queues.GetMessageAsync(get)).Message.Message.Body.Length);
    }

    [Fact]
    public async Task Records_and_batches_are_fetched_when_there_is_a_place()
    {
        string topic = await server.CreateTopicAsync();
        await server.PublishAsync(topic, 0, Large);
        using (new FullBudget(server.Budgets.Answers))
        {
            AssertOverloaded(await Refused.ByAsync(server.Topics().FetchRecordsAsync(new FetchRecordsRequest { Topic = topic })));
            AssertOverloaded(await Refused.ByAsync(server.Topics().FetchBatchesAsync(new FetchBatchesRequest { Topic = topic })));
            using var stream = server.Topics().StreamFetch(new StreamFetchRequest { Topic = topic });
            AssertOverloaded(await Refused.ByAsync(stream.ResponseStream.MoveNext(CancellationToken.None)));
        }

        Assert.Equal([Large], await server.BodiesAsync(topic));
        Assert.Single((await server.Topics().FetchBatchesAsync(new FetchBatchesRequest { Topic = topic })).Batches);
    }

    [Fact]
    public async Task Records_of_a_group_fetch_that_is_refused_are_there_for_the_next_one_at_once()
    {
        string topic = await server.CreateTopicAsync();
        await server.PublishAsync(topic, 0, Large);
        var groups = new GroupService.GroupServiceClient(server.Channel);
        var fetch = new FetchForGroupRequest { Group = GrpcServer.NewName(), Topics = { topic } };
        using (new FullBudget(server.Budgets.Answers))
            AssertOverloaded(await Refused.ByAsync(groups.FetchForGroupAsync(fetch)));

        FetchForGroupResponse fetched = await groups.FetchForGroupAsync(fetch);

        Assert.Equal((0L, LargeBytes), (fetched.Records.Single().Record.Offset, fetched.Records.Single().Record.Body.Length));
        await groups.CommitOffsetsAsync(new CommitOffsetsRequest { Group = fetch.Group, Token = fetched.CommitToken });
    }

    [Fact]
    public async Task A_receiving_stream_waits_for_its_place_and_goes_on()
    {
        var clock = new ManualTimeProvider();
        await using GrpcServer own = await GrpcServer.StartAsync(clock);
        string queue = await own.CreateQueueAsync();
        await own.SendAsync(queue, Large);
        await using var stream = new Receiver(own, queue);
        await stream.SayAsync(new StreamReceiveRequest { Acknowledge = { "none" } });
        await stream.SettledAsync();
        int timers = clock.ActiveTimers;
        using (new FullBudget(own.Budgets.Answers))
        {
            await stream.SayAsync(new StreamReceiveRequest { Credit = 1 });
            // Its wait: nothing else has begun one.
            while (clock.ActiveTimers == timers) await Task.Yield();
        }
        QueueCounts meanwhile = await own.CountAsync(queue);
        Assert.Equal((1L, 0L), (meanwhile.Ready, meanwhile.Leased));

        clock.Advance(TimeSpan.FromSeconds(1));
        Message message = await stream.NextAsync();

        Assert.Equal((LargeBytes, 1), (message.Body.Length, message.ReceiveCount));
    }

    [Fact]
    public async Task Small_answers_need_no_place_and_a_place_comes_back_when_the_answer_is_read()
    {
        string queue = await server.CreateQueueAsync();
        await server.SendAsync(queue, Large, "small");
        long before = server.Budgets.Answers.Taken;
        await server.ReceiveAsync(queue, max: 1);
        // When the server has ended the call.
        while (server.Budgets.Answers.Taken != before) await Task.Yield();

        using (new FullBudget(server.Budgets.Answers))
            Assert.Equal("small", (await server.ReceiveAsync(queue)).Single().Body.ToStringUtf8());
    }

    private static void AssertOverloaded(Refused refused)
    {
        Assert.Equal((StatusCode.ResourceExhausted, "overloaded", null), refused.Told);
        Assert.True(refused.RetryAfterSeconds > 0);
    }
}
