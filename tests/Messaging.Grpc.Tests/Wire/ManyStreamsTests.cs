using Google.Protobuf;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Messaging.V1;

namespace Messaging.Grpc.Tests.Wire;

/// <summary>Many streams, streams that break off, and large requests that never end: bounded memory, and no harm to others.</summary>
public sealed class ManyStreamsTests
{
    private const int Idle = 10_000;
    private const long MiB = 1024 * 1024;

    [Fact]
    public async Task Ten_thousand_idle_streams_cost_little_memory_and_harm_nobody()
    {
        await using var server = await GrpcProcess.StartAsync();
        using GrpcChannel channel = server.Connect();
        var queues = new QueueService.QueueServiceClient(channel);
        await queues.PutQueueAsync(new PutQueueRequest { Queue = "q" });
        long before = server.ResidentBytes();

        var calls = new List<AsyncDuplexStreamingCall<StreamReceiveRequest, StreamReceiveResponse>>();
        for (int i = 0; i < Idle; i++)
        {
            calls.Add(queues.StreamReceive());
            await calls[i].RequestStream.WriteAsync(new StreamReceiveRequest { Open = new StreamReceiveOpen { Queue = "q" } });
        }
        // All of them are served: each has stopped at its client's word.
        await Task.WhenAll(calls.Select(async call =>
        {
            await call.RequestStream.WriteAsync(new StreamReceiveRequest { Stop = true });
            Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        }));
        long cost = server.ResidentBytes() - before;

        using GrpcChannel other = server.Connect();
        Assert.Null((await new QueueService.QueueServiceClient(other).SendMessagesAsync(new SendMessagesRequest { Queue = "q", Messages = { GrpcServer.Text("x") } })).Results.Single().Error);
        Assert.InRange(cost, 0, 600 * MiB);
        foreach (var call in calls) call.Dispose();
    }

    [Fact]
    public async Task Streams_that_break_off_in_the_middle_leave_others_unharmed()
    {
        await using var server = await GrpcProcess.StartAsync();
        using GrpcChannel channel = server.Connect();
        var queues = new QueueService.QueueServiceClient(channel);
        await queues.PutQueueAsync(new PutQueueRequest { Queue = "q" });
        using var good = queues.StreamSend();
        Task breaking = Task.WhenAll(Enumerable.Range(0, 200).Select(async _ =>
        {
            using var call = queues.StreamSend();
            await call.RequestStream.WriteAsync(new StreamSendRequest { Queue = "q", Messages = { GrpcServer.Text("broken") } });
            await call.RequestStream.WriteAsync(new StreamSendRequest { Messages = { GrpcServer.Text("broken") } });
        }));

        for (int i = 0; i < 500; i++)
        {
            await good.RequestStream.WriteAsync(new StreamSendRequest { Queue = "q", Messages = { GrpcServer.Text("good") } });
            Assert.True(await good.ResponseStream.MoveNext(CancellationToken.None));
            Assert.Null(good.ResponseStream.Current.Results.Single().Error);
        }
        await breaking;
        await good.RequestStream.CompleteAsync();

        Assert.False(await good.ResponseStream.MoveNext(CancellationToken.None));
        Assert.False(server.Output.Contains("fail:", StringComparison.Ordinal), server.Output);
    }

    [Fact]
    public async Task Large_requests_that_never_end_are_bounded_all_together()
    {
        // A sixth of this is for requests that are arriving: six of these.
        await using var server = await GrpcProcess.StartAsync(heapBytes: 768 * MiB);
        var requests = new List<UnendingRequest>();
        for (int i = 0; i < 40; i++) requests.Add(await UnendingRequest.StartAsync(server.Address, 18 * (int)MiB));

        string?[] statuses = await Task.WhenAll(requests.Select(request => request.StatusAsync()));

        Assert.InRange(statuses.Count(status => status is null), 1, 7);
        Assert.All(statuses.OfType<string>(), status => Assert.Equal($"{(int)StatusCode.ResourceExhausted}", status));
        await ServesOthersAsync(server);
        foreach (UnendingRequest request in requests) request.Dispose();
    }

    [Fact]
    public async Task Large_messages_that_came_small_and_whose_calls_never_end_are_bounded_all_together()
    {
        await using var server = await GrpcProcess.StartAsync(heapBytes: 768 * MiB);
        byte[] bomb = Gzip.Pack(new SendMessagesRequest { Queue = "q", Messages = { new OutgoingMessage { Body = ByteString.CopyFrom(new byte[18 * (int)MiB]) } } }.ToByteArray());
        var requests = new List<UnendingRequest>();
        for (int i = 0; i < 60; i++) requests.Add(await UnendingRequest.StartAsync(server.Address, bomb));

        // Those that have no place are answered; the others are decompressed and wait for their end.
        string?[] statuses;
        do
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
            statuses = await Task.WhenAll(requests.Select(request => request.StatusAsync()));
        }
        while (statuses.Count(status => status is null) > 7);

        Assert.Contains(statuses, static status => status is null);
        Assert.All(statuses.OfType<string>(), status => Assert.Equal($"{(int)StatusCode.ResourceExhausted}", status));
        await ServesOthersAsync(server);
        foreach (UnendingRequest request in requests) request.Dispose();
    }

    [Fact]
    public async Task Watchers_of_the_health_are_bounded_and_a_place_comes_back_when_one_leaves()
    {
        const int watchersMax = 1_000;
        await using var server = await GrpcProcess.StartAsync();
        using GrpcChannel channel = server.Connect();
        var health = new Health.HealthClient(channel);
        var watchers = new List<AsyncServerStreamingCall<HealthCheckResponse>>();
        for (int i = 0; i < watchersMax; i++) watchers.Add(health.Watch(new HealthCheckRequest()));
        foreach (AsyncServerStreamingCall<HealthCheckResponse> watcher in watchers) Assert.True(await watcher.ResponseStream.MoveNext(CancellationToken.None));

        using AsyncServerStreamingCall<HealthCheckResponse> beyond = health.Watch(new HealthCheckRequest());
        Refused refused = await Refused.ByAsync(beyond.ResponseStream.MoveNext(CancellationToken.None));
        // Who only asks is answered, and so is everything else.
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, (await health.CheckAsync(new HealthCheckRequest())).Status);
        await new QueueService.QueueServiceClient(channel).ListQueuesAsync(new ListQueuesRequest());

        Assert.Equal((StatusCode.ResourceExhausted, "overloaded"), (refused.Status, refused.Code));
        watchers[0].Dispose();
        // When the server has heard of it.
        while (!await IsWatchedAsync(health)) await Task.Yield();
        foreach (AsyncServerStreamingCall<HealthCheckResponse> watcher in watchers) watcher.Dispose();
    }

    [Fact]
    public async Task Streams_of_records_are_bounded_and_a_place_comes_back_when_one_ends()
    {
        const int streamsMax = 1_000;
        await using var server = await GrpcProcess.StartAsync();
        using GrpcChannel channel = server.Connect();
        var topics = new TopicService.TopicServiceClient(channel);
        await topics.PutTopicAsync(new PutTopicRequest { Topic = "t" });
        AsyncServerStreamingCall<StreamFetchResponse> Follow() => topics.StreamFetch(new StreamFetchRequest { Topic = "t" });
        var streams = new List<AsyncServerStreamingCall<StreamFetchResponse>>();
        for (int i = 0; i < streamsMax; i++) streams.Add(Follow());
        foreach (AsyncServerStreamingCall<StreamFetchResponse> stream in streams) Assert.True(await stream.ResponseStream.MoveNext(CancellationToken.None));

        using AsyncServerStreamingCall<StreamFetchResponse> beyond = Follow();
        Refused refused = await Refused.ByAsync(beyond.ResponseStream.MoveNext(CancellationToken.None));

        Assert.Equal((StatusCode.ResourceExhausted, "tooManyWaiting", null), refused.Told);
        Assert.Contains($"{streamsMax}", refused.Detail, StringComparison.Ordinal);
        streams[0].Dispose();
        // When the server has heard of it.
        while (!await IsServedAsync(Follow)) await Task.Yield();
        foreach (AsyncServerStreamingCall<StreamFetchResponse> stream in streams) stream.Dispose();
    }

    private static async Task<bool> IsServedAsync(Func<AsyncServerStreamingCall<StreamFetchResponse>> follow)
    {
        using AsyncServerStreamingCall<StreamFetchResponse> stream = follow();
        try
        {
            return await stream.ResponseStream.MoveNext(CancellationToken.None);
        }
        catch (RpcException exception) when (exception.StatusCode == StatusCode.ResourceExhausted)
        {
            return false;
        }
    }

    private static async Task<bool> IsWatchedAsync(Health.HealthClient health)
    {
        using AsyncServerStreamingCall<HealthCheckResponse> watcher = health.Watch(new HealthCheckRequest());
        try
        {
            return await watcher.ResponseStream.MoveNext(CancellationToken.None);
        }
        catch (RpcException exception) when (exception.StatusCode == StatusCode.ResourceExhausted)
        {
            return false;
        }
    }

    private static async Task ServesOthersAsync(GrpcProcess server)
    {
        using GrpcChannel other = server.Connect();
        await new QueueService.QueueServiceClient(other).ListQueuesAsync(new ListQueuesRequest());
    }
}
