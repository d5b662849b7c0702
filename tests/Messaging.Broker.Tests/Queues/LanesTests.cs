using System.Text;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Tests.Queues;

/// <summary>Message groups, priorities and fairness, case by case; the property tests have the rest.</summary>
public sealed class LanesTests
{
    private static readonly QueueDefinition Fifo = new() { Type = QueueType.Fifo };

    [Fact]
    public async Task A_receive_takes_as_many_of_one_group_as_it_can_before_the_next()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create(definition: Fifo);
        await Send(broker, key, ("a", "1"), ("b", "2"), ("a", "3"), ("b", "4"), ("a", "5"));
        Assert.Equal(["1", "3", "5", "2"], Bodies(await broker.Receive(key, max: 4)));
        // Of both groups something is out.
        Assert.Empty(await broker.Receive(key));
    }

    [Fact]
    public async Task A_blocked_group_blocks_no_other_and_goes_on_when_all_of_it_is_settled()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create(definition: Fifo);
        await Send(broker, key, ("a", "1"), ("a", "2"), ("a", "3"), ("b", "4"));
        Delivered[] first = await broker.Receive(key, max: 2);
        Assert.Equal(["1", "2"], Bodies(first));
        Delivered other = Assert.Single(await broker.Receive(key));
        Assert.Equal("4", other.Body);
        Assert.Null(await broker.Acknowledge(key, first[1].Receipt));
        Assert.Empty(await broker.Receive(key));
        Assert.Null(await broker.Release(key, first[0].Receipt));
        Assert.Equal(["1", "3"], Bodies(await broker.Receive(key)));
    }

    [Fact]
    public async Task A_message_that_was_given_back_for_later_stays_in_the_way_of_its_group()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create(definition: Fifo);
        await Send(broker, key, ("a", "1"), ("a", "2"), ("b", "3"));
        Delivered first = Assert.Single(await broker.Receive(key, max: 1));
        Assert.Null(await broker.Release(key, first.Receipt, 10));
        Assert.Equal(["3"], Bodies(await broker.Receive(key)));
        broker.Kill();
        Assert.Empty(await broker.Receive(key));
        broker.Advance(10);
        Assert.Equal(["1", "2"], Bodies(await broker.Receive(key)));
    }

    [Fact]
    public async Task A_message_that_is_not_due_is_in_nobodys_way_and_comes_in_its_place_when_it_is()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create(definition: Fifo);
        await Send(broker, key, 5_000, ("a", "1"));
        await Send(broker, key, ("a", "2"), ("a", "3"));
        Delivered second = Assert.Single(await broker.Receive(key, max: 1));
        Assert.Equal("2", second.Body);
        broker.Advance(5);
        Assert.Null(await broker.Acknowledge(key, second.Receipt));
        Assert.Equal(["1", "3"], Bodies(await broker.Receive(key)));
    }

    [Fact]
    public async Task An_acknowledgement_wakes_who_waits_for_the_rest_of_the_group()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create(definition: Fifo);
        await Send(broker, key, ("a", "1"), ("a", "2"));
        Delivered first = Assert.Single(await broker.Receive(key, max: 1));
        Task<Delivered[]> waiting = broker.Receive(key, wait: 20);
        while (broker.Broker.WaitingReceives() == 0) await Task.Yield();
        await Send(broker, key, ("a", "3"));
        Assert.Equal(1, broker.Broker.WaitingReceives());
        Assert.Null(await broker.Acknowledge(key, first.Receipt));
        Assert.Equal(["2", "3"], Bodies(await waiting));
    }

    [Fact]
    public async Task A_fifo_message_without_a_group_and_a_group_without_a_legal_name_are_refused()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey fifo = await broker.Create("f", Fifo);
        QueueKey standard = await broker.Create("s", new QueueDefinition { Priorities = 2 });
        Assert.Equal("messages[0].group", await Refused(broker, fifo, new OutgoingMessage()));
        Assert.Equal("messages[0].group", await Refused(broker, fifo, new OutgoingMessage { Group = "" }));
        Assert.Equal("messages[0].group", await Refused(broker, standard, new OutgoingMessage { Group = new string('g', 256) }));
        Assert.Null(await Refused(broker, standard, new OutgoingMessage { Group = new string('g', 255) }));
        Assert.Equal("messages[0].priority", await Refused(broker, standard, new OutgoingMessage { Priority = 2 }));
        Assert.Equal("messages[0].priority", await Refused(broker, standard, new OutgoingMessage { Priority = -1 }));
        Assert.Null(await Refused(broker, standard, new OutgoingMessage { Priority = 1 }));
        Assert.Equal("messages[0].priority", await Refused(broker, fifo, new OutgoingMessage { Group = "g", Priority = 1 }));
    }

    [Fact]
    public async Task Group_priority_and_sequence_are_shown_as_they_were_sent()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey fifo = await broker.Create("f", Fifo);
        QueueKey standard = await broker.Create("s", new QueueDefinition { Priorities = 2 });
        SendOutcome[] sent = (await broker.Broker.Queues.SendAsync(fifo, new[] { new OutgoingMessage { Group = "grün" }, new OutgoingMessage { Group = "b" } }, default)).Value;
        Assert.Equal([0L, 1L], sent.Select(outcome => outcome.Sequence));
        using ReceivedMessages ordered = (await broker.Broker.Queues.ReceiveAsync(fifo, new ReceiveRequest(2, 0, null), default)).Value;
        Assert.Equal(("grün", 0, 0L), (ordered[0].Group, ordered[0].Priority, ordered[0].Sequence));
        await broker.Broker.Queues.SendAsync(standard, new[] { new OutgoingMessage { Priority = 1 } }, default);
        using ReceivedMessages other = (await broker.Broker.Queues.ReceiveAsync(standard, new ReceiveRequest(1, 0, null), default)).Value;
        Assert.Equal((null, 1, null), (other[0].Group, other[0].Priority, other[0].Sequence));
    }

    [Fact]
    public async Task Quiet_groups_come_before_one_that_has_thirty_messages_and_a_tenth_of_what_is_out()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        await Send(broker, key, [.. Enumerable.Range(0, 40).Select(i => ("noisy", $"n{i}"))]);
        await Send(broker, key, ("quiet", "q1"), ("quiet", "q2"), ("other", "q3"));
        await broker.Send(key, "alone");
        // Nobody is noisy before somebody has much.
        Assert.Equal(Enumerable.Range(0, 30).Select(i => $"n{i}"), Bodies(await broker.Receive(key, max: 30, lease: 60)));
        Assert.Equal(["q1", "q2", "q3", "alone", "n30", "n31"], Bodies(await broker.Receive(key, max: 6)));
    }

    [Fact]
    public async Task A_group_that_took_a_tenth_of_the_receivers_time_is_noisy_for_a_while()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        await Send(broker, key, [.. Enumerable.Range(0, 30).Select(i => ("noisy", $"n{i}"))]);
        Delivered[] taken = await broker.Receive(key, max: 20, lease: 3_600);
        broker.Advance(60);
        foreach (Delivered message in taken) Assert.Null(await broker.Acknowledge(key, message.Receipt));
        await Send(broker, key, ("quiet", "q"));
        Assert.Equal("q", Assert.Single(await broker.Receive(key, max: 1)).Body);
        // Ten half-lives later it is as good as any.
        await Send(broker, key, ("quiet", "q"));
        broker.Advance(300);
        Assert.Equal("n20", Assert.Single(await broker.Receive(key, max: 1)).Body);
    }

    [Theory]
    [InlineData(1, 1_000)]
    [InlineData(2, 3_000)]
    [InlineData(3, 9_000)]
    [InlineData(4, 10_000)]
    [InlineData(1_000_000, 10_000)]
    public void A_wait_grows_by_its_factor_up_to_its_longest(int receiveCount, int milliseconds) =>
        Assert.Equal(milliseconds, RetryDelay.Of(new RetryDefinition { MinSeconds = 1, MaxSeconds = 10, Factor = 3 }, 1, 2, receiveCount));

    [Fact]
    public void Jitter_takes_away_up_to_its_part_and_is_the_same_for_one_delivery()
    {
        var policy = new RetryDefinition { MinSeconds = 100, MaxSeconds = 100, Jitter = 0.25 };
        int[] waits = [.. Enumerable.Range(0, 10_000).Select(offset => RetryDelay.Of(policy, 7, offset, 1))];
        Assert.InRange(waits.Min(), 75_000, 75_100);
        Assert.InRange(waits.Max(), 99_900, 100_000);
        Assert.InRange(waits.Average(), 87_000, 88_000);
        Assert.Equal(waits, Enumerable.Range(0, 10_000).Select(offset => RetryDelay.Of(policy, 7, offset, 1)));
    }

    [Fact]
    public async Task A_lease_that_ends_waits_by_the_policy_and_one_that_is_ended_by_hand_does_not()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create(definition: new QueueDefinition { LeaseSeconds = 5, Retry = new RetryDefinition { MinSeconds = 10, MaxSeconds = 10 } });
        await broker.Send(key, "m");
        await broker.Receive(key);
        broker.Advance(14.9);
        Assert.Equal(new QueueCounts(0, 0, 1), await broker.Counts(key));
        await broker.Restart();
        broker.Advance(0.1);
        Delivered again = Assert.Single(await broker.Receive(key));
        Assert.Null(await broker.Release(key, again.Receipt, null));
        broker.Advance(9.9);
        Assert.Empty(await broker.Receive(key));
        broker.Advance(0.1);
        again = Assert.Single(await broker.Receive(key));
        Assert.Null(await broker.Extend(key, again.Receipt, 0));
        Assert.Equal(4, Assert.Single(await broker.Receive(key)).ReceiveCount);
    }

    private static IEnumerable<string> Bodies(Delivered[] messages) => messages.Select(message => message.Body);

    private static Task Send(BrokerHarness broker, QueueKey key, params (string Group, string Body)[] messages) => Send(broker, key, OutgoingMessage.QueueDelay, messages);

    private static async Task Send(BrokerHarness broker, QueueKey key, long delayMs, params (string Group, string Body)[] messages)
    {
        OutgoingMessage[] outgoing =
            [.. messages.Select(message => new OutgoingMessage { Body = Encoding.UTF8.GetBytes(message.Body), Group = message.Group, DelayMilliseconds = delayMs })];
        Assert.All((await broker.Broker.Queues.SendAsync(key, outgoing, default)).Value, outcome => Assert.Null(outcome.Error));
    }

    private static async Task<string?> Refused(BrokerHarness broker, QueueKey key, OutgoingMessage message) =>
        Assert.Single((await broker.Broker.Queues.SendAsync(key, new[] { message }, default)).Value).Error?.Field;
}
