using System.Globalization;
using Grpc.Core;
using Messaging.TestKit;
using Messaging.V1;

namespace Messaging.Grpc.Tests.Queues;

/// <summary>QueueService.StreamReceive: credit, settling and leases.</summary>
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
        await using GrpcServer own = await GrpcServer.StartAsync(clock);
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

    [Fact]
    public async Task Leases_are_extended_while_the_client_may_work_and_not_longer()
    {
        var clock = new ManualTimeProvider();
        await using GrpcServer own = await GrpcServer.StartAsync(clock);
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
        QueueCounts counts = await server.CountAsync(queue);
        Assert.Equal((Count + 4 - first.Leased, first.Leased), (counts.Ready, counts.Leased));
        for (int i = 0; i < Count + 4; i++) Assert.Equal(Of(i), await stream.NextBodyAsync());
        while (server.Budgets.Answers.Taken != 0) await Task.Yield();
    }

    private static async Task<long> LeasedUntilAsync(GrpcServer own, string queue) =>
        (await own.Queues.BrowseMessagesAsync(new BrowseMessagesRequest { Queue = queue })).Messages.Single().Message.LeasedUntil.Seconds;
}
