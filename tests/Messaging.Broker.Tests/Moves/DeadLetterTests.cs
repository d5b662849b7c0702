using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Tests.Moves;

public sealed class DeadLetterTests
{
    [Fact]
    public async Task A_message_is_delivered_exactly_as_often_as_allowed_and_then_moves_with_its_id()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        (QueueKey queue, QueueKey dead) = await CreateAsync(broker, maxReceives: 3);
        MessageId id = Assert.Single(await broker.Send(queue, "x"));
        long sent = broker.NowMs;
        for (int count = 1; count <= 3; count++)
        {
            broker.Advance(1);
            Assert.Equal(count, Assert.Single(await broker.Receive(queue, lease: 0)).ReceiveCount);
        }

        Assert.Empty(await broker.Receive(queue));
        await broker.Broker.MoveAsync();
        Assert.Equal(new QueueCounts(0, 0, 0), await broker.Counts(queue));
        Assert.Equal(new QueueCounts(1, 0, 0), await broker.Counts(dead));
        Delivered moved = Assert.Single(await broker.Receive(dead));
        Assert.Equal(("x", id, 1, sent), (moved.Body, moved.Id, moved.ReceiveCount, moved.SentAtMs));
        Assert.Equal(new MessageOrigin(id, queue, MoveReason.MaxReceives, null, 3, sent), moved.Origin);
        Assert.Null(await broker.Acknowledge(dead, moved.Receipt));
    }

    [Fact]
    public async Task Everything_of_a_message_moves_with_it()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        (QueueKey queue, QueueKey dead) = await CreateAsync(broker, maxReceives: 1);
        MessageAttribute[] attributes =
        [
            new("text", AttributeKind.String, null, "ä"u8.ToArray()), new("number", AttributeKind.Number, "int", "7"u8.ToArray()), new("bytes", AttributeKind.Binary, null, new byte[] { 0, 255 }),
        ];
        OutgoingMessage message = new() { Body = new byte[] { 1, 0, 2 }, ContentType = "a/b", TraceParent = "00-x", Attributes = attributes, DelayMilliseconds = 500, Sender = "s", TraceHeader = "Root=1" };
        Assert.True((await broker.Broker.Queues.SendAsync(queue, new[] { message }, default)).IsOk);
        broker.Advance(1);
        await broker.Receive(queue, lease: 0);
        await broker.Broker.MoveAsync();
        using ReceivedMessages received = (await broker.Broker.Queues.ReceiveAsync(dead, new ReceiveRequest(1, 0, null), default)).Value;
        ReceivedMessage moved = received[0];
        Assert.Equal(new byte[] { 1, 0, 2 }, moved.Body.ToArray());
        Assert.Equal(("a/b", "00-x"), (moved.ContentType, moved.TraceParent));
        Assert.Equal(("s", "Root=1"), (moved.Sender, moved.TraceHeader));
        Assert.Equal(attributes.Select(a => (a.Name, a.Kind, a.CustomType)), moved.Attributes.Select(a => (a.Name, a.Kind, a.CustomType)));
        Assert.All(attributes.Zip(moved.Attributes), pair => Assert.Equal(pair.First.Value.ToArray(), pair.Second.Value.ToArray()));
    }

    [Fact]
    public async Task A_last_delivery_that_the_answer_had_no_room_for_was_none()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey dead = await broker.Create("dead");
        QueueKey queue = await broker.Create("queue", To("dead", 1) with { MaxMessageBytes = MessageLimits.MessageBytesMax, Priorities = 2 });
        for (int i = 0; i < 3; i++)
        {
            var message = new OutgoingMessage { Body = new byte[7 << 20], Priority = 1 };
            Assert.Null(Assert.Single((await broker.Broker.Queues.SendAsync(queue, new[] { message }, default)).Value).Error);
        }

        // Their leases are over before the third one is taken back.
        Assert.Equal(2, (await broker.Receive(queue, max: 3, lease: 0)).Length);
        await broker.Broker.MoveAsync();
        Assert.Equal((2, 1), ((await broker.Counts(dead)).Ready, (await broker.Counts(queue)).Ready));
        await broker.Restart();
        Assert.Equal(1, Assert.Single(await broker.Receive(queue)).ReceiveCount);
    }

    [Fact]
    public async Task A_look_by_id_follows_a_message_through_all_its_dead_letter_queues()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey last = await broker.Create("last");
        QueueKey middle = await broker.Create("middle", To("last", 1));
        QueueKey first = await broker.Create("first", To("middle", 1));
        MessageId id = Assert.Single(await broker.Send(first, "x"));
        foreach (QueueKey queue in new[] { first, middle, last })
        {
            using BrowsedMessages found = (await broker.Broker.Queues.LookAsync(first, id, default)).Value;
            Assert.Equal((queue, id), (found.Queue, Assert.Single(found.Messages).Id));
            Delivered delivered = Assert.Single(await broker.Receive(queue, lease: 0));
            if (queue == last) Assert.Null(await broker.Acknowledge(last, delivered.Receipt));
            await broker.Broker.MoveAsync();
        }

        Assert.Equal(ErrorCode.MessageNotFound, (await broker.Broker.Queues.LookAsync(first, id, default)).Error?.Code);
        // Nobody looks upwards.
        Assert.Equal(ErrorCode.MessageNotFound, (await broker.Broker.Queues.LookAsync(last, id, default)).Error?.Code);
    }

    [Fact]
    public async Task The_heartbeat_moves_what_nobody_receives()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        (QueueKey queue, QueueKey dead) = await CreateAsync(broker, maxReceives: 1);
        await broker.Send(queue, "x");
        await broker.Receive(queue, lease: 10);
        Task<Delivered[]> waiting = broker.Receive(dead, wait: 60);
        await broker.Broker.MoveAsync();
        Assert.Equal(new QueueCounts(0, 1, 0), await broker.Counts(queue));
        broker.Advance(10);
        Assert.Equal("x", Assert.Single(await waiting.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System)).Body);
        Assert.Equal(new QueueCounts(0, 0, 0), await broker.Counts(queue));
    }

    [Fact]
    public async Task A_receipt_is_good_for_an_acknowledgement_until_the_message_has_moved()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        (QueueKey queue, QueueKey dead) = await CreateAsync(broker, maxReceives: 1);
        await broker.Send(queue, "x", "y");
        Delivered[] received = await broker.Receive(queue, lease: 5);
        Assert.Null(await broker.Acknowledge(queue, received[0].Receipt));
        Assert.Null(await broker.Release(queue, received[1].Receipt));
        await broker.Broker.MoveAsync();
        Assert.Null(await broker.Acknowledge(queue, received[1].Receipt));
        Assert.Equal(ErrorCode.MessageGone, await broker.Extend(queue, received[1].Receipt, 5));
        Assert.Equal("y", Assert.Single(await broker.Receive(dead)).Body);
    }

    [Fact]
    public async Task A_changed_definition_judges_anew_what_is_there()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey dead = await broker.Create("dead");
        QueueKey queue = await broker.Create("q");
        await broker.Send(queue, "a", "b");
        for (int i = 0; i < 3; i++) await broker.Receive(queue, max: 1, lease: 0);
        Assert.Equal(4, Assert.Single(await broker.Receive(queue, max: 1, lease: 0)).ReceiveCount);
        await broker.Create("q", To("dead", 4));
        Assert.Equal("b", Assert.Single(await broker.Receive(queue)).Body);
        await broker.Broker.MoveAsync();
        Assert.Equal(("a", 4), (Assert.Single(await broker.Receive(dead)) is { } moved ? (moved.Body, moved.Origin!.ReceiveCount) : default));
    }

    [Fact]
    public async Task What_is_set_aside_is_delivered_again_when_more_deliveries_are_allowed()
    {
        await using BrokerHarness broker = BrokerHarness.Start(BrokerHarness.SmallEngine());
        (QueueKey queue, _) = await CreateAsync(broker, maxReceives: 1);
        await broker.Send(queue, "x");
        await broker.Receive(queue, lease: 1);
        Assert.True(broker.Broker.TryGetState(queue, out QueueState? state));
        // No beat meets it: the state alone.
        state.Advance(broker.NowMs + 1_000);
        Assert.Equal((1, 0), (state.Aside.Count, state.Deliverable));
        state.LimitReceives(2);
        Assert.Equal((0, 1), (state.Aside.Count, state.Deliverable));
        state.LimitReceives(1);
        Assert.Equal((1, 0), (state.Aside.Count, state.Deliverable));
        state.LimitReceives(null);
        Assert.Equal((0, 1), (state.Aside.Count, state.Deliverable));
    }

    [Fact]
    public async Task A_chain_keeps_the_id_and_tells_the_last_queue()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey last = await broker.Create("last");
        QueueKey middle = await broker.Create("middle", To("last", 2));
        QueueKey first = await broker.Create("first", To("middle", 1));
        MessageId id = Assert.Single(await broker.Send(first, "x"));
        long sent = broker.NowMs;
        await broker.Receive(first, lease: 0);
        await broker.Broker.MoveAsync();
        broker.Advance(7);
        await broker.Receive(middle, lease: 0);
        await broker.Receive(middle, lease: 0);
        await broker.Broker.MoveAsync();
        Delivered moved = Assert.Single(await broker.Receive(last));
        Assert.Equal(new MessageOrigin(id, middle, MoveReason.MaxReceives, null, 2, sent), moved.Origin);
        Assert.Equal((id, sent, 1), (moved.Id, moved.SentAtMs, moved.ReceiveCount));
    }

    [Fact]
    public async Task Retention_of_a_dead_letter_counts_from_when_it_was_sent()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey dead = await broker.Create("dead", new QueueDefinition { RetentionSeconds = 100 });
        QueueKey queue = await broker.Create("q", To("dead", 1));
        await broker.Send(queue, "x");
        broker.Advance(60);
        await broker.Receive(queue, lease: 0);
        await broker.Broker.MoveAsync();
        broker.Advance(39);
        Assert.Single(await broker.Receive(dead, lease: 0));
        broker.Advance(2);
        Assert.Empty(await broker.Receive(dead, lease: 0));
        Assert.Equal(new QueueCounts(0, 0, 0), await broker.Counts(dead));
    }

    [Fact]
    public async Task A_dead_letter_is_ready_at_once_whatever_the_delay_of_its_queue()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey dead = await broker.Create("dead", new QueueDefinition { DelaySeconds = 30 });
        QueueKey queue = await broker.Create("q", To("dead", 1));
        await broker.Send(dead, "own");
        await broker.Send(queue, "x");
        await broker.Receive(queue, lease: 0);
        await broker.Broker.MoveAsync();
        Assert.Equal("x", Assert.Single(await broker.Receive(dead, lease: 0)).Body);
        broker.Kill();
        Assert.Equal("x", Assert.Single(await broker.Receive(dead)).Body);
        Assert.Equal(new QueueCounts(0, 1, 1), await broker.Counts(dead));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_place_of_a_moved_message_is_known_by_its_id_over_a_restart(bool clean)
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        (QueueKey queue, QueueKey dead) = await CreateAsync(broker, maxReceives: 1);
        MessageId[] ids = await broker.Send(queue, "a", "b", "c");
        await broker.Receive(queue, lease: 0);
        await broker.Broker.MoveAsync();
        Delivered first = Assert.Single(await broker.Receive(dead, max: 1));
        Assert.Null(await broker.Acknowledge(dead, first.Receipt));
        if (clean) await broker.Restart();
        else broker.Kill();
        Assert.True(broker.Broker.TryGetState(dead, out QueueState? state));
        Assert.False(state.Moved!.TryFind(ids[0], out _));
        Assert.True(state.Moved.TryFind(ids[1], out long second) && state.Moved.TryFind(ids[2], out long third) && third == second + 1);
        Assert.Equal([ids[1], ids[2]], (await broker.Receive(dead)).Select(message => message.Id));
    }

    [Fact]
    public async Task More_than_one_command_takes_moves_in_order()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        (QueueKey queue, QueueKey dead) = await CreateAsync(broker, maxReceives: 1);
        string[] bodies = [.. Enumerable.Range(0, (2 * QueueLimits.MoveMessagesMax) + 50).Select(i => $"{i}")];
        await broker.Send(queue, bodies);
        Assert.Equal(bodies.Length, (await broker.Receive(queue, max: 1_000, lease: 0)).Length);
        await broker.Broker.MoveAsync();
        Assert.Equal(bodies, (await broker.Receive(dead, max: 1_000)).Select(message => message.Body));
    }

    [Fact]
    public async Task A_message_larger_than_one_command_of_many_moves_alone()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey dead = await broker.Create("dead");
        QueueKey queue = await broker.Create("q", To("dead", 1) with { MaxMessageBytes = MessageLimits.MessageBytesMax });
        string large = new('x', 3 * QueueLimits.MoveBytesMax);
        await broker.Send(queue, "a");
        await broker.Send(queue, large);
        await broker.Send(queue, "b");
        await broker.Receive(queue, lease: 0);
        await broker.Broker.MoveAsync();
        Assert.Equal(["a", large, "b"], (await broker.Receive(dead)).Select(message => message.Body));
    }

    [Fact]
    public async Task On_a_full_disk_dead_letters_wait_where_they_are()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        (QueueKey queue, QueueKey dead) = await CreateAsync(broker, maxReceives: 1);
        await broker.Send(queue, "x");
        Assert.Single(await broker.Receive(queue, lease: 5));
        broker.Disk.CapacityBytes = 1;
        for (int i = 0; i < 200 && !broker.Broker.SendsRefused; i++)
        {
            await broker.Broker.Queues.SendAsync(dead, new[] { new OutgoingMessage { Body = new byte[512 << 10] } }, default);
        }

        Assert.True(broker.Broker.SendsRefused);
        broker.Advance(6);
        await broker.Broker.MoveAsync();
        Assert.Equal(new QueueCounts(1, 0, 0), await broker.Counts(queue));
        Assert.Empty(await broker.Receive(queue));
        broker.Disk.CapacityBytes = 1L << 40;
        for (int beat = 0; beat < 1_000 && (await broker.Counts(queue)).Ready > 0; beat++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, CancellationToken.None);
            await broker.Broker.MoveAsync();
        }

        Assert.Equal(new QueueCounts(0, 0, 0), await broker.Counts(queue));
    }

    [Fact]
    public async Task A_queue_in_use_is_not_deleted_and_definitions_are_checked()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        (QueueKey queue, QueueKey dead) = await CreateAsync(broker, maxReceives: 1);
        Assert.Equal(ErrorCode.QueueInUse, (await broker.Broker.Queues.DeleteAsync(dead, default)).Error!.Code);
        broker.Kill();
        Assert.Equal(ErrorCode.QueueInUse, (await broker.Broker.Queues.DeleteAsync(dead, default)).Error!.Code);
        await broker.Restart();
        Assert.Equal(ErrorCode.QueueInUse, (await broker.Broker.Queues.DeleteAsync(dead, default)).Error!.Code);
        Assert.Equal(ErrorCode.DeadLetterInvalid, (await broker.Broker.Queues.PutAsync(dead, To("q", 1), default)).Error!.Code);
        Assert.Equal(ErrorCode.DeadLetterInvalid, (await broker.Broker.Queues.PutAsync(BrokerHarness.Key("new"), To("missing", 1), default)).Error!.Code);
        await broker.Create("q", new QueueDefinition());
        Assert.Null((await broker.Broker.Queues.DeleteAsync(dead, default)).Error);
        Assert.Null((await broker.Broker.Queues.DeleteAsync(queue, default)).Error);
    }

    internal static QueueDefinition To(string queue, int maxReceives) =>
        new() { DeadLetter = new DeadLetterDefinition { Queue = BrokerHarness.Key(queue).Name, MaxReceives = maxReceives } };

    private static async Task<(QueueKey Queue, QueueKey Dead)> CreateAsync(BrokerHarness broker, int maxReceives)
    {
        QueueKey dead = await broker.Create("dead");
        return (await broker.Create("q", To("dead", maxReceives)), dead);
    }
}
