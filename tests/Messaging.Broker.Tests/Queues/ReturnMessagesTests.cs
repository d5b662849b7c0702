using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Tests.Queues;

public sealed class ReturnMessagesTests
{
    [Fact]
    public async Task What_is_given_back_is_as_if_it_had_not_been_received_also_after_a_crash()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        await broker.Send(key, "a", "b");
        for (int round = 0; round < 3; round++)
        {
            Receipt[] receipts = [.. (await broker.Receive(key, 2)).Select(message => message.Receipt)];
            await broker.Broker.Queues.ReturnAsync(key, receipts);
            Assert.Equal(2, (await broker.Counts(key)).Ready);
        }

        broker.Kill();
        Assert.All(await broker.Receive(key, 2), message => Assert.Equal(1, message.ReceiveCount));
    }

    [Fact]
    public async Task What_was_received_for_the_last_time_is_no_dead_letter_when_it_is_given_back()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey dead = await broker.Create("dead");
        QueueKey key = await broker.Create("q", new QueueDefinition { DeadLetter = new DeadLetterDefinition { Queue = dead.Name, MaxReceives = 1 } });
        await broker.Send(key, "a");
        for (int round = 0; round < 3; round++) await broker.Broker.Queues.ReturnAsync(key, new[] { Assert.Single(await broker.Receive(key)).Receipt });
        Assert.Equal((1, 0), ((await broker.Counts(key)).Ready, (await broker.Counts(dead)).Ready));
    }

    [Fact]
    public async Task Of_a_receive_that_can_be_repeated_nothing_is_given_back_and_its_repeat_gets_the_same()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        await broker.Send(key, "a");
        var request = new ReceiveRequest(1, 0, 30) { AttemptId = "attempt" };
        using ReceivedMessages first = (await broker.Broker.Queues.ReceiveAsync(key, request, CancellationToken.None)).Value;

        await broker.Broker.Queues.ReturnAsync(key, first.Receipts());
        using ReceivedMessages again = (await broker.Broker.Queues.ReceiveAsync(key, request, CancellationToken.None)).Value;

        Assert.Equal(first[0].Receipt, again[0].Receipt);
        Assert.Equal(1, again[0].ReceiveCount);
    }

    [Fact]
    public async Task What_was_shown_to_somebody_and_given_back_unhandled_is_not_given_back_again()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        await broker.Send(key, "a");
        Receipt receipt = Assert.Single(await broker.Receive(key)).Receipt;
        await broker.Broker.Queues.ReleaseAsync(key, new[] { new ReleaseEntry(receipt, 0) { IsUnhandled = true } }, CancellationToken.None);

        await broker.Broker.Queues.ReturnAsync(key, new[] { receipt });

        Assert.Equal(1, Assert.Single(await broker.Receive(key)).ReceiveCount);
    }

    [Fact]
    public async Task What_is_not_as_the_receive_has_left_it_stays_as_it_is()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        await broker.Send(key, "a");
        Receipt first = Assert.Single(await broker.Receive(key, lease: 1)).Receipt;
        broker.Advance(2);
        Receipt second = Assert.Single(await broker.Receive(key)).Receipt;
        await broker.Broker.Queues.ReturnAsync(key, new[] { first });
        Assert.Equal(1, (await broker.Counts(key)).Leased);
        Assert.Null(await broker.Acknowledge(key, second));
        await broker.Broker.Queues.ReturnAsync(key, new[] { second });
        Assert.Equal(default, await broker.Counts(key));
    }
}
