using Grpc.Core;
using Messaging.V1;

namespace Messaging.Grpc.Tests.Queues;

/// <summary>How QueueService.StreamReceive ends, or is refused at its begin, and what becomes of what it has delivered.</summary>
public sealed class ReceiveStreamEndTests(GrpcServer server) : IClassFixture<GrpcServer>
{
    [Fact]
    public async Task A_stop_ends_deliveries_and_what_was_delivered_can_still_be_acknowledged()
    {
        string queue = await server.CreateQueueAsync();
        await server.SendAsync(queue, "1");
        await using var stream = new Receiver(server, queue, credit: 10);
        Message message = await stream.NextAsync();

        await stream.SayAsync(new StreamReceiveRequest { Stop = true });
        await stream.StoppedAsync();
        await server.SendAsync(queue, "2");
        await stream.SayAsync(new StreamReceiveRequest { Acknowledge = { message.Receipt } });
        Assert.Null((await stream.SettledAsync()).Error);
        await stream.CloseAsync();

        Assert.Equal((1, 0), await CountsAsync(queue));
    }

    [Fact]
    public async Task A_client_that_closes_its_side_gives_back_what_it_has_not_settled()
    {
        string queue = await server.CreateQueueAsync(new QueueDefinition { Retry = new Retry { MinSeconds = 100 } });
        await server.SendAsync(queue, "1", "2");
        await using var stream = new Receiver(server, queue, credit: 2);
        await stream.SayAsync(new StreamReceiveRequest { Acknowledge = { (await stream.NextAsync()).Receipt } });
        await stream.NextAsync();

        await stream.CloseAsync();

        Assert.Equal(("2", 2), (await server.ReceiveAsync(queue)).Select(message => (message.Body.ToStringUtf8(), message.ReceiveCount)).Single());
    }

    [Fact]
    public async Task A_stream_that_is_cancelled_leaves_its_leases_to_run_out()
    {
        string queue = await server.CreateQueueAsync();
        await server.SendAsync(queue, "1");
        await using var stream = new Receiver(server, queue, credit: 1);
        Message message = await stream.NextAsync();

        stream.Cancel();

        // Whoever worked on it may be done in time, and says so by another call.
        Assert.Equal((0, 1), await CountsAsync(queue));
        await server.Queues.AcknowledgeMessagesAsync(new AcknowledgeMessagesRequest { Queue = queue, Receipts = { message.Receipt } });
    }

    [Fact]
    public async Task A_server_that_stops_ends_its_streams_so_that_clients_come_back()
    {
        await using GrpcServer own = await GrpcServer.StartAsync();
        string queue = await own.CreateQueueAsync();
        await using var receiver = new Receiver(own, queue, credit: 1);
        await using var idle = new Receiver(own, queue);
        using var sender = own.Queues.StreamSend();
        await sender.RequestStream.WriteAsync(new StreamSendRequest { Queue = queue, Messages = { GrpcServer.Text("1") } });
        Assert.True(await sender.ResponseStream.MoveNext(CancellationToken.None));
        await receiver.NextAsync();

        // Clients read all the time: .NET's forgets what has come of a response, its status too, when the connection closes before it was read.
        Task<Refused>[] reading = [Refused.ByAsync(receiver.ReadAsync()), Refused.ByAsync(idle.ReadAsync()), Refused.ByAsync(sender.ResponseStream.MoveNext(CancellationToken.None))];
        Task stopping = own.Server.StopAsync();

        Assert.All(await Task.WhenAll(reading), refused => Assert.Equal((StatusCode.Unavailable, "stopping"), CodeOf(refused)));
        await stopping;
    }

    [Fact]
    public async Task A_stream_over_its_deadline_ends()
    {
        string queue = await server.CreateQueueAsync();
        using var call = server.Queues.StreamReceive(deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddMilliseconds(300));
        await call.RequestStream.WriteAsync(new StreamReceiveRequest { Open = new StreamReceiveOpen { Queue = queue }, Credit = 1 });

        Assert.Equal(StatusCode.DeadlineExceeded, (await Refused.ByAsync(call.ResponseStream.MoveNext(CancellationToken.None))).Status);
    }

    [Theory]
    [InlineData(false, 0, 30, 30, "open")]
    [InlineData(true, -1, 30, 30, "credit")]
    [InlineData(true, 100_001, 30, 30, "credit")]
    [InlineData(true, 1, 0, 30, "open.leaseSeconds")]
    [InlineData(true, 1, 30, 43_201, "open.maxProcessingSeconds")]
    public async Task A_stream_that_asks_for_what_can_t_be_is_refused(bool opens, int credit, int lease, int processing, string field)
    {
        string queue = await server.CreateQueueAsync();
        using var call = server.Queues.StreamReceive();
        var open = new StreamReceiveOpen { Queue = queue, LeaseSeconds = lease, MaxProcessingSeconds = processing };
        await call.RequestStream.WriteAsync(new StreamReceiveRequest { Open = opens ? open : null, Credit = credit });

        Assert.Equal((StatusCode.InvalidArgument, "invalidValue", field), (await Refused.ByAsync(call.ResponseStream.MoveNext(CancellationToken.None))).Told);
    }

    [Fact]
    public async Task A_request_with_more_entries_than_a_call_names_the_list_with_which_it_has()
    {
        string queue = await server.CreateQueueAsync();
        using var call = server.Queues.StreamReceive();
        await call.RequestStream.WriteAsync(new StreamReceiveRequest
        {
            Open = new StreamReceiveOpen { Queue = queue },
            Acknowledge = { Enumerable.Repeat("x", 1_000) },
            Release = { new ReleaseEntry { Receipt = "x" } },
        });

        Assert.Equal((StatusCode.InvalidArgument, "batchTooLarge", "release"), (await Refused.ByAsync(call.ResponseStream.MoveNext(CancellationToken.None))).Told);
    }

    [Fact]
    public async Task A_queue_that_is_not_there_or_goes_is_told()
    {
        await using var unnamed = new Receiver(server, "");
        Assert.Equal((StatusCode.InvalidArgument, "invalidName", "open.queue"), (await Refused.ByAsync(unnamed.ReadAsync())).Told);
        await using var nobody = new Receiver(server, "nobody");
        Assert.Equal((StatusCode.NotFound, "queueNotFound"), CodeOf(await Refused.ByAsync(nobody.ReadAsync())));

        string queue = await server.CreateQueueAsync();
        await using var stream = new Receiver(server, queue, credit: 1);
        await server.SendAsync(queue, "1");
        await stream.NextAsync();
        await stream.SayAsync(new StreamReceiveRequest { Credit = 1 });
        await server.Queues.DeleteQueueAsync(new DeleteQueueRequest { Queue = queue });
        Assert.Equal((StatusCode.NotFound, "queueNotFound"), CodeOf(await Refused.ByAsync(stream.ReadAsync())));
    }

    private static (StatusCode Status, string? Code) CodeOf(Refused refused) => (refused.Status, refused.Code);

    private async Task<(long Ready, long Leased)> CountsAsync(string queue)
    {
        QueueCounts counts = await server.CountAsync(queue);
        return (counts.Ready, counts.Leased);
    }
}
