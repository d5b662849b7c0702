using System.Globalization;
using Grpc.Core;
using Messaging.TestKit;
using Messaging.V1;

namespace Messaging.Grpc.Tests.Queues;

/// <summary>QueueService.StreamReceive: credit, settling, leases, and how it ends.</summary>
public sealed class ReceiveStreamTests(GrpcServer server) : IClassFixture<GrpcServer>
{
    [Fact]
    public async Task As_much_is_delivered_as_there_is_credit_for()
    {
        string queue = await server.CreateQueueAsync();
        await server.SendAsync(queue, "1", "2", "3", "4", "5");
        await using var stream = new Receiver(server, queue);

        await stream.SayAsync(new StreamReceiveRequest { Credit = 2 });
        string[] first = [await stream.NextBodyAsync(), await stream.NextBodyAsync()];
        Assert.Equal(3, (await server.CountAsync(queue)).Ready);
        await stream.SayAsync(new StreamReceiveRequest { Credit = 2 });
        await stream.SayAsync(new StreamReceiveRequest { Credit = 2 });
        string[] second = [await stream.NextBodyAsync(), await stream.NextBodyAsync(), await stream.NextBodyAsync()];
        await server.SendAsync(queue, "6", "7");

        Assert.Equal(["1", "2"], first);
        Assert.Equal(["3", "4", "5"], second);
        Assert.Equal("6", await stream.NextBodyAsync());
        Assert.Equal(1, (await server.CountAsync(queue)).Ready);
    }

    [Fact]
    public async Task What_is_settled_is_answered_by_its_receipt()
    {
        string dead = await server.CreateQueueAsync();
        string queue = await server.CreateQueueAsync(new QueueDefinition { DeadLetter = new DeadLetter { Queue = dead, MaxReceives = 9 } });
        await server.SendAsync(queue, "done", "longer", "back", "dead");
        await using var stream = new Receiver(server, queue, credit: 4);
        Message[] messages = [await stream.NextAsync(), await stream.NextAsync(), await stream.NextAsync(), await stream.NextAsync()];

        await stream.SayAsync(new StreamReceiveRequest
        {
            Acknowledge = { messages[0].Receipt, "none" },
            Extend = { new ExtendEntry { Receipt = messages[1].Receipt, LeaseSeconds = 100 } },
            Release = { new ReleaseEntry { Receipt = messages[2].Receipt, DelaySeconds = 50 } },
            Reject = { new RejectEntry { Receipt = messages[3].Receipt, Reason = "no" } },
        });
        SettleResult[] settled = [await stream.SettledAsync(), await stream.SettledAsync(), await stream.SettledAsync(), await stream.SettledAsync(), await stream.SettledAsync()];

        Assert.Equal([messages[0].Receipt, "none", messages[1].Receipt, messages[2].Receipt, messages[3].Receipt], settled.Select(result => result.Receipt));
        Assert.Equal([null, "receiptInvalid", null, null, null], settled.Select(result => result.Error?.Code));
        Assert.Equal(
            [SettleResult.Types.Kind.Acknowledge, SettleResult.Types.Kind.Acknowledge, SettleResult.Types.Kind.Extend, SettleResult.Types.Kind.Release, SettleResult.Types.Kind.Reject],
            settled.Select(result => result.Kind));
        QueueCounts counts = await server.CountAsync(queue);
        Assert.Equal((0L, 1L, 1L), (counts.Ready, counts.Leased, counts.Delayed));
        Assert.Equal("no", (await server.ReceiveAsync(dead)).Single().Origin.Detail);
    }

    [Fact]
    public async Task A_rejection_in_a_queue_without_a_dead_letter_queue_is_refused_and_the_stream_goes_on()
    {
        string queue = await server.CreateQueueAsync();
        await server.SendAsync(queue, "1", "2");
        await using var stream = new Receiver(server, queue, credit: 1);
        Message message = await stream.NextAsync();

        await stream.SayAsync(new StreamReceiveRequest { Reject = { new RejectEntry { Receipt = message.Receipt } }, Extend = { new ExtendEntry { Receipt = message.Receipt } } });
        EntryError[] refused = [(await stream.SettledAsync()).Error, (await stream.SettledAsync()).Error];
        await stream.SayAsync(new StreamReceiveRequest { Release = { new ReleaseEntry { Receipt = "none" } } });
        EntryError none = (await stream.SettledAsync()).Error;
        await stream.SayAsync(new StreamReceiveRequest { Credit = 1, Acknowledge = { message.Receipt } });

        // An extension says how long.
        Assert.Equal([("invalidValue", "leaseSeconds"), ("noDeadLetterQueue", ""), ("receiptInvalid", "receipt")], refused.Append(none).Select(error => (error.Code, error.Field)));
        Assert.Equal("2", await stream.NextBodyAsync());
    }

    [Fact]
    public async Task A_shorter_lease_of_the_client_s_own_choice_stays()
    {
        var clock = new ManualTimeProvider();
        var own = new GrpcServer(clock);
        await own.InitializeAsync();
        try
        {
            string queue = await own.CreateQueueAsync();
            await own.SendAsync(queue, "1");
            await using var stream = new Receiver(own, queue, credit: 1, leaseSeconds: 30, maxProcessingSeconds: 1_000);
            Message message = await stream.NextAsync();
            await stream.SayAsync(new StreamReceiveRequest { Extend = { new ExtendEntry { Receipt = message.Receipt, LeaseSeconds = 15 } } });
            Assert.Null((await stream.SettledAsync()).Error);

            clock.Advance(TimeSpan.FromSeconds(10));
            clock.Advance(TimeSpan.FromSeconds(6));
            await stream.SayAsync(new StreamReceiveRequest { Credit = 1 });

            Assert.Equal(2, (await stream.NextAsync()).ReceiveCount);
        }
        finally
        {
            await own.DisposeAsync();
        }
    }

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
    public async Task Leases_are_extended_while_the_client_may_work_and_not_longer()
    {
        var clock = new ManualTimeProvider();
        var own = new GrpcServer(clock);
        await own.InitializeAsync();
        try
        {
            string queue = await own.CreateQueueAsync();
            await own.SendAsync(queue, "1");
            await using var stream = new Receiver(own, queue, credit: 1, leaseSeconds: 9, maxProcessingSeconds: 30);
            await stream.NextAsync();

            // At a third of the lease it is made to last for all of it again, up to thirty seconds from the delivery on.
            for (int passed = 3; passed <= 21; passed += 3)
            {
                clock.Advance(TimeSpan.FromSeconds(3));
                long until = clock.GetUtcNow().ToUnixTimeSeconds() + 9;
                while (await LeasedUntilAsync(own, queue) != until)
                {
                }
            }
            clock.Advance(TimeSpan.FromSeconds(8));
            Assert.Equal(1, (await own.CountAsync(queue)).Leased);
            clock.Advance(TimeSpan.FromSeconds(2));
            await stream.SayAsync(new StreamReceiveRequest { Credit = 1 });

            Assert.Equal(2, (await stream.NextAsync()).ReceiveCount);
        }
        finally
        {
            await own.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_server_that_stops_ends_its_streams_so_that_clients_come_back()
    {
        var own = new GrpcServer();
        await own.InitializeAsync();
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
        await own.DisposeAsync();
    }

    [Fact]
    public async Task A_stream_over_its_deadline_ends()
    {
        string queue = await server.CreateQueueAsync();
        using var call = server.Queues.StreamReceive(deadline: TimeProvider.System.GetUtcNow().UtcDateTime.AddMilliseconds(300));
        await call.RequestStream.WriteAsync(new StreamReceiveRequest { Open = new StreamReceiveOpen { Queue = queue }, Credit = 1 });

        Assert.Equal(StatusCode.DeadlineExceeded, (await Refused.ByAsync(call.ResponseStream.MoveNext(CancellationToken.None))).Status);
    }

    [Fact]
    public async Task Large_messages_come_in_responses_that_clients_take_by_default()
    {
        string queue = await server.CreateQueueAsync();
        for (int i = 0; i < 10; i++) await server.SendAsync(queue, new string('x', 1_000_000));
        using var small = global::Grpc.Net.Client.GrpcChannel.ForAddress(server.Address);
        using var call = new QueueService.QueueServiceClient(small).StreamReceive();
        await call.RequestStream.WriteAsync(new StreamReceiveRequest { Open = new StreamReceiveOpen { Queue = queue }, Credit = 100 });

        int count = 0;
        while (count < 10 && await call.ResponseStream.MoveNext(CancellationToken.None)) count += call.ResponseStream.Current.Messages.Count;

        Assert.Equal(10, count);
    }

    [Fact]
    public async Task For_a_client_that_does_not_read_one_receive_is_held_and_it_gets_everything_later()
    {
        // A receive has up to 16 MiB.
        const int Count = 24, Bytes = 1_000_000, HeldMax = 16;
        string queue = await server.CreateQueueAsync();
        string Of(int number) => number.ToString("00", CultureInfo.InvariantCulture) + new string('x', Bytes);
        for (int i = 0; i < Count; i++) await server.SendAsync(queue, Of(i));
        await using var stream = new Receiver(server, queue, credit: 100);
        // When the first of them are on their way.
        while (server.Budgets.Answers.Taken == 0) await Task.Yield();
        QueueCounts first = await server.CountAsync(queue);

        for (int i = Count; i < Count + 4; i++) await server.SendAsync(queue, Of(i));

        Assert.InRange(first.Leased, 1, HeldMax);
        Assert.InRange(server.Budgets.Answers.Taken, first.Leased * Bytes, first.Leased * (Bytes + 1_000));
        Assert.Equal((Count + 4 - first.Leased, first.Leased), await CountsAsync(queue));
        for (int i = 0; i < Count + 4; i++) Assert.Equal(Of(i), await stream.NextBodyAsync());
        while (server.Budgets.Answers.Taken != 0) await Task.Yield();
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

    private static async Task<long> LeasedUntilAsync(GrpcServer own, string queue) =>
        (await own.Queues.BrowseMessagesAsync(new BrowseMessagesRequest { Queue = queue })).Messages.Single().Message.LeasedUntil.Seconds;

    private async Task<(long Ready, long Leased)> CountsAsync(string queue)
    {
        QueueCounts counts = await server.CountAsync(queue);
        return (counts.Ready, counts.Leased);
    }
}
