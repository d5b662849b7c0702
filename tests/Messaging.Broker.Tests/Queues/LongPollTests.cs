using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Tests.Queues;

public sealed class LongPollTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_waiting_receive_gets_what_is_sent()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        Task<Delivered[]> waiting = broker.Receive(key, wait: 20);
        await WaitingOn(broker, 1);
        await broker.Send(key, "a");
        Assert.Equal("a", Assert.Single(await Soon(waiting)).Body);
    }

    [Fact]
    public async Task A_waiting_receive_answers_empty_when_its_time_is_over()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        Task<Delivered[]> waiting = broker.Receive(key, wait: 20);
        await WaitingOn(broker, 1);
        broker.Advance(19);
        Assert.False(waiting.IsCompleted);
        broker.Advance(2);
        Assert.Empty(await Soon(waiting));
    }

    [Fact]
    public async Task Waiting_receives_are_served_in_their_order_one_for_each_message()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        var waiting = new List<Task<Delivered[]>>();
        for (int i = 0; i < 5; i++)
        {
            waiting.Add(broker.Receive(key, max: 1, wait: 60));
            await WaitingOn(broker, i + 1);
        }

        await broker.Send(key, "a", "b");
        Delivered[][] served = await Soon(Task.WhenAll(waiting[0], waiting[1]));
        Assert.Equal(["a", "b"], served.Select(received => Assert.Single(received).Body).Order(StringComparer.Ordinal));
        Assert.All(waiting.Skip(2), task => Assert.False(task.IsCompleted));
        await broker.Send(key, "c", "d", "e");
        await Soon(Task.WhenAll(waiting));
    }

    [Fact]
    public async Task A_waiting_receive_is_woken_by_the_end_of_a_lease()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        await broker.Send(key, "a");
        await broker.Receive(key, lease: 10);
        Task<Delivered[]> waiting = broker.Receive(key, wait: 60);
        await WaitingOn(broker, 1);
        broker.Advance(10.1);
        Assert.Equal(2, Assert.Single(await Soon(waiting)).ReceiveCount);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_waiting_receive_is_woken_when_a_delay_is_over(bool queueWide)
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create(definition: new QueueDefinition { DelaySeconds = queueWide ? 10 : 0 });
        Task<Delivered[]> waiting = broker.Receive(key, wait: 60);
        await WaitingOn(broker, 1);
        await broker.SendDelayed(key, queueWide ? OutgoingMessage.QueueDelay : 10_000, "a");
        broker.Advance(9.9);
        Assert.False(waiting.IsCompleted);
        broker.Advance(0.3);
        Assert.Single(await Soon(waiting));
    }

    [Fact]
    public async Task A_waiting_receive_is_woken_by_a_release_and_by_an_extension_to_now()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        await broker.Send(key, "a");
        Receipt receipt = Assert.Single(await broker.Receive(key)).Receipt;
        Task<Delivered[]> waiting = broker.Receive(key, wait: 60);
        await WaitingOn(broker, 1);
        Assert.Null(await broker.Release(key, receipt));
        receipt = Assert.Single(await Soon(waiting)).Receipt;
        waiting = broker.Receive(key, wait: 60);
        await WaitingOn(broker, 1);
        Assert.Null(await broker.Extend(key, receipt, 0));
        Assert.Equal(3, Assert.Single(await Soon(waiting)).ReceiveCount);
    }

    [Fact]
    public async Task A_waiting_receive_that_hits_its_bound_is_refused_and_leaves_its_message_to_the_next_one()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        Task<Result<ReceivedMessages>> bounded = broker.Broker.Queues.ReceiveAsync(key, new ReceiveRequest(1, 60, null) { LeasedMax = 1 }, default).AsTask();
        Task<Result<ReceivedMessages>> second = broker.Broker.Queues.ReceiveAsync(key, new ReceiveRequest(1, 60, null) { LeasedMax = 1 }, default).AsTask();
        Task<Delivered[]> free = broker.Receive(key, max: 1, wait: 60);
        await WaitingOn(broker, 3);
        await broker.Send(key, "a");
        Assert.Equal("a", Assert.Single(BrokerHarness.Copy((await Soon(bounded)).Value)).Body);
        await broker.Send(key, "b");
        Assert.Equal(ErrorCode.TooManyLeased, (await Soon(second)).Error?.Code);
        Assert.Equal("b", Assert.Single(await Soon(free)).Body);
    }

    [Fact]
    public async Task A_receive_that_leaves_passes_its_wake_on()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        for (int round = 0; round < 50; round++)
        {
            using var leaving = new CancellationTokenSource();
            Task<Delivered[]> first = broker.Receive(key, 1, 60, null, leaving.Token);
            await WaitingOn(broker, 1);
            Task<Delivered[]> second = broker.Receive(key, max: 1, wait: 60);
            await WaitingOn(broker, 2);
            Task cancel = Task.Run(leaving.Cancel);
            await broker.Send(key, "a");
            await cancel;
            // Whichever of both it reached: the one message comes to someone, and at once.
            Delivered[] left = await Soon(OrNone(first));
            if (left.Length == 0)
            {
                Assert.Null(await broker.Acknowledge(key, Assert.Single(await Soon(second)).Receipt));
                continue;
            }

            Assert.Null(await broker.Acknowledge(key, left[0].Receipt));
            await broker.Send(key, "b");
            Assert.Null(await broker.Acknowledge(key, Assert.Single(await Soon(second)).Receipt));
        }

        static async Task<Delivered[]> OrNone(Task<Delivered[]> receive)
        {
            try
            {
                return await receive;
            }
            catch (OperationCanceledException)
            {
                return [];
            }
        }
    }

    [Fact]
    public async Task A_stop_answers_all_waiting_receives_empty_at_once_and_refuses_new_calls()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        Task<Delivered[]>[] waiting = [.. Enumerable.Range(0, 10).Select(_ => broker.Receive(key, wait: 60))];
        await WaitingOn(broker, 10);
        await broker.Broker.DisposeAsync();
        Assert.All(await Soon(Task.WhenAll(waiting)), Assert.Empty);
        Assert.Equal(ErrorCode.Stopping, (await broker.Broker.Queues.SendAsync(key, new OutgoingMessage[1], default)).Error?.Code);
        Assert.Equal(ErrorCode.Stopping, (await broker.Broker.Queues.GetAsync(key, default)).Error?.Code);
        Assert.Equal(ErrorCode.Stopping, (await broker.Broker.Queues.ReceiveAsync(key, new ReceiveRequest(1, 5, null), default)).Error?.Code);
    }

    // Whoever waits was once woken before the queue was marked as deleted. The window is narrow: many rounds make it likelier, not certain, to be met.
    [Fact]
    public async Task Deleting_the_queue_tells_who_waits_on_it()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        for (int round = 0; round < 100; round++)
        {
            QueueKey key = await broker.Create();
            Task<Result<ReceivedMessages>>[] waiting =
                [.. Enumerable.Range(0, 4).Select(_ => broker.Broker.Queues.ReceiveAsync(key, new ReceiveRequest(1, 60, null), default).AsTask())];
            await WaitingOn(broker, waiting.Length);
            Assert.True((await broker.Broker.Queues.DeleteAsync(key, default)).IsOk);
            Assert.All(await Soon(Task.WhenAll(waiting)), answer => Assert.Equal(ErrorCode.QueueNotFound, answer.Error?.Code));
        }
    }

    [Fact]
    public async Task Nobody_polls_while_nobody_waits()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        await broker.SendDelayed(key, 10_000, "a");
        await broker.Send(key, "b");
        await broker.Receive(key, max: 1);
        // The heartbeat's and that of compaction, and no other.
        Assert.Equal(2, broker.Time.ActiveTimers);
    }

    [Fact]
    public async Task Senders_and_waiting_receivers_at_once_lose_nothing()
    {
        await using BrokerHarness broker = BrokerHarness.Start();
        QueueKey key = await broker.Create();
        const int messages = 2_000;
        int received = 0;
        using var done = new CancellationTokenSource();
        Task[] receivers = [.. Enumerable.Range(0, 16).Select(number => Task.Run(() => Drain(1 + (number % 10))))];
        Task[] senders = [.. Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (int i = 0; i < messages / 8; i++) await broker.Send(key, "m");
        }))];
        await Soon(Task.WhenAll(senders));
        await Soon(Task.WhenAll(receivers));
        Assert.Equal(messages, received);
        Assert.Equal(default, await broker.Counts(key));

        async Task Drain(int max)
        {
            while (!done.IsCancellationRequested)
            {
                try
                {
                    foreach (Delivered message in await broker.Receive(key, max, 60, 600, done.Token))
                    {
                        Assert.Null(await broker.Acknowledge(key, message.Receipt));
                        if (Interlocked.Increment(ref received) == messages) await done.CancelAsync();
                    }
                }
                catch (OperationCanceledException)
                {
                    return;
                }
            }
        }
    }

    private static async Task WaitingOn(BrokerHarness broker, int count)
    {
        for (int i = 0; i < 2_000 && broker.Broker.WaitingReceives() != count; i++) await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, default);
        Assert.Equal(count, broker.Broker.WaitingReceives());
    }

    private static Task<T> Soon<T>(Task<T> task) => task.WaitAsync(Patience, TimeProvider.System);

    private static Task Soon(Task task) => task.WaitAsync(Patience, TimeProvider.System);
}
