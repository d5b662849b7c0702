using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Tests.Queues;

public sealed class ReceiveMessagesTests
{
    [Fact]
    public async Task A_message_goes_through_send_receive_and_acknowledge()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        MessageId[] ids = await broker.Send(key, "a", "b");
        Delivered[] received = await broker.Receive(key);
        Assert.Equal(["a", "b"], received.Select(message => message.Body));
        Assert.Equal(ids, received.Select(message => message.Id));
        Assert.All(received, message => Assert.Equal(1, message.ReceiveCount));
        Assert.Equal(new QueueCounts(0, 2, 0), await broker.Counts(key));
        Assert.Null(await broker.Acknowledge(key, received[0].Receipt));
        Assert.Null(await broker.Acknowledge(key, received[1].Receipt));
        Assert.Equal(default, await broker.Counts(key));
    }

    [Fact]
    public async Task An_answer_carries_at_most_what_a_call_may_and_leaves_the_rest_as_if_it_had_not_been_received()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create(definition: new QueueDefinition { MaxMessageBytes = 4 << 20 });
        string[] bodies = [.. Enumerable.Range(0, 6).Select(i => new string((char)('a' + i), 4_000_000))];
        foreach (string body in bodies) await broker.Send(key, body);

        Delivered[] first = await broker.Receive(key, max: 6);
        Assert.Equal(bodies[..4], first.Select(message => message.Body));
        Assert.Equal(new QueueCounts(2, 4, 0), await broker.Counts(key));

        broker.Kill();
        Assert.Equal(new QueueCounts(2, 4, 0), await broker.Counts(key));
        Delivered[] second = await broker.Receive(key, max: 6);
        Assert.Equal(bodies[4..], second.Select(message => message.Body));
        Assert.All(second, message => Assert.Equal(1, message.ReceiveCount));
        Assert.All(second, message => Assert.Equal(message.LeasedUntilMs - 30_000, message.FirstReceivedAtMs));
        Assert.Null(await broker.Acknowledge(key, second[0].Receipt));
    }

    [Fact]
    public async Task A_leased_message_is_not_delivered_until_its_lease_ends()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        await broker.Send(key, "a");
        Delivered first = Assert.Single(await broker.Receive(key, lease: 10));
        broker.Advance(9.9);
        Assert.Empty(await broker.Receive(key));
        broker.Advance(0.2);
        Delivered second = Assert.Single(await broker.Receive(key));
        Assert.Equal(first.Id, second.Id);
        Assert.Equal(2, second.ReceiveCount);
        Assert.Equal(first.FirstReceivedAtMs, second.FirstReceivedAtMs);
        Assert.Equal(first.LeasedUntilMs - 10_000, first.FirstReceivedAtMs);
    }

    [Fact]
    public async Task The_receive_count_grows_by_one_with_each_delivery_over_restarts_and_crashes()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        await broker.Send(key, "a");
        for (int count = 1; count <= 9; count++)
        {
            Assert.Equal(count, Assert.Single(await broker.Receive(key, lease: 5)).ReceiveCount);
            if (count % 3 == 0) await broker.Restart();
            if (count % 3 == 1) broker.Kill();
            Assert.Empty(await broker.Receive(key));
            broker.Advance(5.1);
        }
    }

    [Fact]
    public async Task A_lease_of_zero_seconds_gives_the_message_to_the_next_receiver_at_once()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        await broker.Send(key, "a");
        for (int count = 1; count < 4; count++) Assert.Equal(count, Assert.Single(await broker.Receive(key, lease: 0)).ReceiveCount);
    }

    [Fact]
    public async Task The_oldest_ready_message_comes_first_also_when_it_was_given_back()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        await broker.Send(key, "a", "b", "c");
        Delivered[] received = await broker.Receive(key, max: 2);
        Assert.Null(await broker.Release(key, received[1].Receipt));
        Assert.Equal(["b", "c"], (await broker.Receive(key)).Select(message => message.Body));
    }

    [Fact]
    public async Task A_message_past_its_retention_is_dropped_at_delivery_and_another_one_is_taken()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create(definition: new QueueDefinition { RetentionSeconds = 60 });
        await broker.Send(key, "old", "older");
        // No heartbeat comes between: what drops them is the receive.
        broker.Advance(0.5);
        await broker.Send(key, "kept");
        broker.Advance(59.8);
        Delivered received = Assert.Single(await broker.Receive(key, max: 1));
        Assert.Equal("kept", received.Body);
        Assert.Equal(new QueueCounts(0, 1, 0), await broker.Counts(key));
    }

    [Fact]
    public async Task A_receive_with_a_bound_takes_what_that_leaves_and_is_refused_where_that_is_nothing()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        await broker.Send(key, "a", "b", "c", "d", "e");
        Assert.Equal(2, (await broker.Receive(key, max: 2)).Length);
        Delivered[] third = BrokerHarness.Copy((await Bounded(3)).Value);
        Assert.Equal("c", Assert.Single(third).Body);
        Result<ReceivedMessages> refused = await Bounded(3);
        Assert.Equal(ErrorCode.TooManyLeased, refused.Error?.Code);
        Assert.Contains(" 3 leased", refused.Error!.Detail, StringComparison.Ordinal);
        Assert.Equal(ErrorCode.TooManyLeased, (await Bounded(2)).Error?.Code);
        Assert.Equal(new QueueCounts(2, 3, 0), await broker.Counts(key));
        Assert.Null(await broker.Acknowledge(key, third[0].Receipt));
        Assert.Single(BrokerHarness.Copy((await Bounded(3)).Value));
        Assert.Equal("leasedMax", (await Bounded(0)).Error?.Field);
        Assert.Equal("leasedMax", (await Bounded(QueueLimits.LeasedPerQueueMax + 1)).Error?.Field);

        ValueTask<Result<ReceivedMessages>> Bounded(int leasedMax) => broker.Broker.Queues.ReceiveAsync(key, new ReceiveRequest(10, 0, null) { LeasedMax = leasedMax }, default);
    }

    [Theory]
    [InlineData(0, null, null, "max")]
    [InlineData(1_001, null, null, "max")]
    [InlineData(1, -1, null, "waitSeconds")]
    [InlineData(1, 61, null, "waitSeconds")]
    [InlineData(1, null, -1, "leaseSeconds")]
    [InlineData(1, null, 43_201, "leaseSeconds")]
    public async Task A_request_out_of_range_names_its_field(int max, int? wait, int? lease, string field)
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        Result<ReceivedMessages> received = await broker.Broker.Queues.ReceiveAsync(key, new ReceiveRequest(max, wait, lease), default);
        Assert.Equal(ErrorCode.InvalidValue, received.Error?.Code);
        Assert.Equal(field, received.Error?.Field);
    }

    [Fact]
    public async Task Receivers_at_once_share_the_messages_and_none_gets_one_twice()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        string[] bodies = [.. Enumerable.Range(0, 1_000).Select(number => $"{number}")];
        await broker.Send(key, bodies);
        Task<List<string>>[] receivers = [.. Enumerable.Range(0, 8).Select(_ => Task.Run(Drain))];
        string[] all = [.. (await Task.WhenAll(receivers)).SelectMany(received => received)];
        Assert.Equal(bodies.Order(StringComparer.Ordinal), all.Order(StringComparer.Ordinal));

        async Task<List<string>> Drain()
        {
            var mine = new List<string>();
            while (await broker.Receive(key, max: 7) is { Length: > 0 } received)
            {
                foreach (Delivered message in received)
                {
                    mine.Add(message.Body);
                    Assert.Null(await broker.Acknowledge(key, message.Receipt));
                }
            }

            return mine;
        }
    }
}
