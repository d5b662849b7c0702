using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Tests.Queues;

public sealed class ReceiveAttemptTests
{
    [Fact]
    public async Task The_same_attempt_gets_the_same_messages_and_receipts_leased_anew()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        await broker.Send(key, "a", "b", "c");
        Delivered[] first = await Receive(broker, key, "t", max: 2);
        broker.Advance(20);
        Delivered[] again = await Receive(broker, key, "t", max: 2);
        Assert.Equal(first.Select(message => message with { LeasedUntilMs = broker.NowMs + 30_000 }), again);
        Assert.Equal("c", Assert.Single(await Receive(broker, key, "other", max: 2)).Body);
        broker.Advance(29);
        Assert.Equal(new QueueCounts(0, 3, 0), await broker.Counts(key));
        Assert.Null(await broker.Acknowledge(key, first[1].Receipt));
    }

    [Fact]
    public async Task An_attempt_survives_a_restart_and_a_kill()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        await broker.Send(key, "a", "b");
        Delivered[] first = await Receive(broker, key, "t");
        broker.Kill();
        Assert.Equal(first.Select(message => message.Receipt), (await Receive(broker, key, "t", lease: 60)).Select(message => message.Receipt));
        await broker.Restart();
        broker.Advance(50);
        Assert.Equal(first.Select(message => message.Receipt), (await Receive(broker, key, "t", lease: 60)).Select(message => message.Receipt));
        broker.Kill();
        Assert.Equal(new QueueCounts(0, 2, 0), await broker.Counts(key));
    }

    [Theory]
    [InlineData("acknowledge")]
    [InlineData("extend")]
    [InlineData("release")]
    [InlineData("lease over")]
    public async Task Once_one_of_its_messages_has_moved_on_it_is_a_new_receive(string what)
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        await broker.Send(key, "a", "b");
        Delivered[] first = await Receive(broker, key, "t", max: 2);
        await broker.Send(key, "c", "d", "e");
        Assert.Null(what switch
        {
            "acknowledge" => await broker.Acknowledge(key, first[0].Receipt),
            "extend" => await broker.Extend(key, first[0].Receipt, 31),
            "release" => await broker.Release(key, first[0].Receipt, 100),
            _ => null,
        });
        if (what == "lease over") broker.Advance(30);
        Delivered[] second = await Receive(broker, key, "t", max: 2);
        string[] expected = what == "lease over" ? ["a", "b"] : ["c", "d"];
        Assert.Equal(expected, second.Select(message => message.Body));
        Assert.DoesNotContain(second, message => message.Receipt == first[0].Receipt || message.Receipt == first[1].Receipt);
        Delivered[] again = await Receive(broker, key, "t", max: 2);
        // At the same time the lease ends a millisecond later, by which the call before knows that it is no longer its own.
        Assert.Equal(second, again.Select(message => message with { LeasedUntilMs = message.LeasedUntilMs - 1 }));
    }

    [Fact]
    public async Task After_five_minutes_it_is_a_new_receive_however_often_it_was_repeated()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        await broker.Send(key, "a", "b");
        Delivered[] first = await Receive(broker, key, "t", max: 1, lease: 1_000);
        broker.Advance(QueueLimits.ReceiveAttemptSeconds - 1);
        Assert.Equal(first[0].Receipt, (await Receive(broker, key, "t", max: 1, lease: 1_000))[0].Receipt);
        broker.Advance(1);
        Assert.Equal("b", Assert.Single(await Receive(broker, key, "t", max: 1, lease: 1_000)).Body);
    }

    [Fact]
    public async Task An_attempt_that_found_nothing_is_not_remembered_and_one_that_asks_for_fewer_is_a_new_receive()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        Assert.Empty(await Receive(broker, key, "t"));
        Assert.True(broker.Broker.TryGetState(key, out QueueState? state));
        Assert.Null(state.Windows);
        await broker.Send(key, "a", "b", "c");
        Assert.Equal(2, (await Receive(broker, key, "t", max: 2)).Length);
        Assert.Equal("c", Assert.Single(await Receive(broker, key, "t", max: 1)).Body);
    }

    [Fact]
    public async Task A_lease_of_nothing_is_over_at_once_and_leaves_nothing_to_repeat()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        await broker.Send(key, "a");
        Assert.Equal(1, (await Receive(broker, key, "t", lease: 0))[0].ReceiveCount);
        Assert.Equal(2, (await Receive(broker, key, "t", lease: 30))[0].ReceiveCount);
        Assert.Equal(2, (await Receive(broker, key, "t", lease: 0))[0].ReceiveCount);
        Assert.Equal(new QueueCounts(1, 0, 0), await broker.Counts(key));
    }

    [Fact]
    public async Task What_the_answer_has_no_room_for_is_not_the_attempt_s()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create(definition: new QueueDefinition { MaxMessageBytes = MessageLimits.MessageBytesMax });
        for (int i = 0; i < 3; i++) await broker.Send(key, new string((char)('a' + i), 7 << 20));
        Delivered[] first = await Receive(broker, key, "t");
        Assert.Equal(2, first.Length);
        Assert.Equal(first.Select(message => message.Receipt), (await Receive(broker, key, "t")).Select(message => message.Receipt));
        broker.Kill();
        Assert.Equal(first.Select(message => message.Receipt), (await Receive(broker, key, "t")).Select(message => message.Receipt));
        Assert.Equal(1, (await Receive(broker, key, "other"))[0].ReceiveCount);
    }

    [Fact]
    public async Task What_is_past_its_retention_leaves_the_attempt()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create(definition: new QueueDefinition { RetentionSeconds = 60 });
        await broker.Send(key, "old");
        broker.Advance(40);
        await broker.Send(key, "new");
        Assert.Equal(2, (await Receive(broker, key, "t", lease: 60)).Length);
        broker.Advance(30);
        Delivered left = Assert.Single(await Receive(broker, key, "t", lease: 60));
        Assert.Equal(("new", 1), (left.Body, left.ReceiveCount));
        broker.Kill();
        Assert.Equal(left.Receipt, Assert.Single(await Receive(broker, key, "t", lease: 60)).Receipt);
    }

    [Fact]
    public async Task A_waiting_attempt_gets_what_the_same_attempt_was_given()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        Task<Delivered[]>[] waiting = [.. Enumerable.Range(0, 2).Select(_ => Task.Run(() => Receive(broker, key, "t", max: 1, wait: 60)))];
        Assert.True(SpinWait.SpinUntil(() => broker.Broker.WaitingReceives() == 2, TimeSpan.FromSeconds(30)));
        await broker.Send(key, "a", "b");
        Delivered[][] received = await Task.WhenAll(waiting);
        Assert.Equal(received[0][0].Receipt, received[1][0].Receipt);
        Assert.Equal(new QueueCounts(1, 1, 0), await broker.Counts(key));
    }

    [Fact]
    public async Task Beyond_the_bound_the_oldest_attempts_are_forgotten()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        Assert.True(broker.Broker.TryGetState(key, out QueueState? state));
        await broker.Send(key, "a", "b");
        Delivered first = Assert.Single(await Receive(broker, key, "first", max: 1, lease: 600));
        broker.Advance(1);
        Delivered second = Assert.Single(await Receive(broker, key, "second", max: 1, lease: 600));
        long until = broker.NowMs + 400_000;
        var one = new ReceiveAttempt(1, new ReceiveAttempt.Message[1]);
        for (int i = 2; i < QueueLimits.ReceiveAttemptMessagesPerQueueMax / one.Weight; i++) state.OpenWindows().ApplyAttempted(new Hash128(1, (ulong)i), one, until);
        Assert.Equal(first.Receipt, Assert.Single(await Receive(broker, key, "first", max: 1, lease: 600)).Receipt);
        state.OpenWindows().ApplyAttempted(new Hash128(2, 0), one, until);
        Assert.Empty(await Receive(broker, key, "first", max: 1));
        Assert.Equal(second.Receipt, Assert.Single(await Receive(broker, key, "second", max: 1, lease: 600)).Receipt);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("\n", false)]
    [InlineData("größe 1", true)]
    public async Task An_attempt_s_id_keeps_the_rule(string id, bool isLegal) => await Keeps(id, isLegal);

    [Fact]
    public async Task An_attempt_s_id_has_1_to_128_bytes()
    {
        await Keeps(new string('t', 128), isLegal: true);
        await Keeps(new string('t', 129), isLegal: false);
        await Keeps(new string('ä', 65), isLegal: false);
    }

    private static async Task Keeps(string id, bool isLegal)
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        Result<ReceivedMessages> received = await broker.Broker.Queues.ReceiveAsync(key, new ReceiveRequest(1, 0, null) { AttemptId = id }, default);
        Assert.Equal(isLegal, received.IsOk);
        if (!isLegal) Assert.Equal((ErrorCode.InvalidValue, "attemptId"), (received.Error!.Code, received.Error.Field));
    }

    private static async Task<Delivered[]> Receive(BrokerHarness broker, QueueKey key, string attempt, int max = 10, int? wait = 0, int? lease = null)
    {
        Result<ReceivedMessages> received = await broker.Broker.Queues.ReceiveAsync(key, new ReceiveRequest(max, wait, lease) { AttemptId = attempt }, default);
        Assert.True(received.IsOk, received.Error?.Detail);
        return BrokerHarness.Copy(received.Value);
    }
}
