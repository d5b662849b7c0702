using Messaging.Broker.Copies;
using Messaging.Broker.Filters;
using Messaging.Broker.Names;
using Messaging.Broker.Producers;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Tests.Producers;
using Messaging.Broker.Tests.Subscriptions;
using Messaging.Broker.Tests.Topics;
using Messaging.Broker.Topics;
using Messaging.Storage;

namespace Messaging.Broker.Tests.FanOut;

/// <summary>Records that are copied after they were published: those of transactions, and those with which subscriptions begin.</summary>
public sealed class CopyTaskTests
{
    [Fact]
    public async Task What_a_transaction_has_published_reaches_queues_when_it_is_committed_and_never_when_it_is_aborted()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        QueueKey[] queues = await harness.SubscribeQueues(2);
        ProducerIdentity good = await harness.Init("good"), bad = await harness.Init("bad");
        await harness.Begin(good);
        await harness.Begin(bad);
        await harness.PublishIn(topic, good, "g1");
        await harness.PublishIn(topic, bad, "b1");
        await harness.Publish(topic, TopicCalls.Record("plain"));
        await harness.PublishIn(topic, good, "g2", "g3");
        await harness.Broker.MoveAsync();
        Assert.Equal(["plain"], (await harness.Receive(queues[0])).Select(message => message.Body));

        await harness.End(good, isCommit: true);
        await harness.End(bad, isCommit: false);
        harness.Kill();
        await harness.Broker.MoveAsync();
        await harness.Broker.MoveAsync();

        Assert.Equal(["g1", "g2", "g3"], (await harness.Receive(queues[0])).Select(message => message.Body));
        Assert.Equal(["plain", "g1", "g2", "g3"], (await harness.Receive(queues[1])).Select(message => message.Body));
    }

    [Fact]
    public async Task A_subscription_that_comes_after_a_commit_gets_nothing_of_it()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        QueueKey[] queues = await harness.SubscribeQueues(1);
        QueueKey late = await harness.Create("late");
        ProducerIdentity producer = await harness.Init("p");
        await harness.Begin(producer);
        await harness.PublishIn(topic, producer, "a");
        await harness.End(producer, isCommit: true);
        await harness.Subscribe("late", SubscriptionCalls.To("late"));
        await harness.Broker.MoveAsync();

        Assert.Equal(1, (await harness.Counts(queues[0])).Ready);
        Assert.Equal(0, (await harness.Counts(late)).Ready);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_subscription_begins_with_the_records_that_are_there_and_goes_on_without_gap_or_duplicate(bool isKilled)
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic(definition: new TopicDefinition { Partitions = 3 });
        for (int i = 0; i < 3_000; i += 100) await harness.Publish(topic, [.. Enumerable.Range(i, 100).Select(number => TopicCalls.Record($"{number}", $"key {number % 50}"))]);
        QueueKey queue = await harness.Create();
        await harness.Subscribe("s", SubscriptionCalls.To("q") with { StartAt = SubscriptionStart.Earliest });
        for (int i = 3_000; i < 3_500; i += 100) await harness.Publish(topic, [.. Enumerable.Range(i, 100).Select(number => TopicCalls.Record($"{number}", $"key {number % 50}"))]);
        if (isKilled) harness.Kill();
        else await harness.Restart();
        await harness.Broker.MoveAsync();
        await harness.Publish(topic, TopicCalls.Record("3500"));

        List<string> received = [];
        while (await harness.Receive(queue, 1_000) is { Length: > 0 } some) received.AddRange(some.Select(message => message.Body));
        Assert.Equal(Enumerable.Range(0, 3_501), received.Select(int.Parse).Order());
    }

    [Fact]
    public async Task A_subscription_begins_at_a_time_and_with_what_its_filter_wants()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        await harness.Publish(topic, TopicCalls.Record("early"), Kinded("early order"));
        harness.Advance(60);
        long time = harness.NowMs;
        await harness.Publish(topic, TopicCalls.Record("late"), Kinded("late order"));
        QueueKey queue = await harness.Create("q"), orders = await harness.Create("orders");
        await harness.Subscribe("q", SubscriptionCalls.To("q") with { StartAt = SubscriptionStart.At(time) });
        await harness.Subscribe("orders", SubscriptionCalls.To("orders") with
        {
            StartAt = SubscriptionStart.Earliest, Filter = new SubscriptionFilter(FilterScope.Attributes, """{"kind":["order"]}"""),
        });
        await harness.Broker.MoveAsync();

        Assert.Equal(["late", "late order"], (await harness.Receive(queue)).Select(message => message.Body));
        Assert.Equal(["early order", "late order"], (await harness.Receive(orders)).Select(message => message.Body));
    }

    [Fact]
    public async Task A_transaction_that_is_open_when_a_subscription_begins_reaches_it_once()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        ProducerIdentity before = await harness.Init("before"), open = await harness.Init("open"), aborted = await harness.Init("aborted");
        await harness.Begin(before);
        await harness.PublishIn(topic, before, "committed before");
        await harness.Begin(open);
        await harness.PublishIn(topic, open, "open");
        await harness.Begin(aborted);
        await harness.PublishIn(topic, aborted, "aborted before");
        await harness.End(before, isCommit: true);
        await harness.End(aborted, isCommit: false);
        await harness.Publish(topic, TopicCalls.Record("plain"));
        QueueKey queue = await harness.Create();
        await harness.Subscribe("s", SubscriptionCalls.To("q") with { StartAt = SubscriptionStart.Earliest });
        await harness.PublishIn(topic, open, "open, later");
        await harness.Broker.MoveAsync();
        await harness.End(open, isCommit: true);
        await harness.Broker.MoveAsync();
        await harness.Restart();
        await harness.Broker.MoveAsync();

        Assert.Equal(["committed before", "plain", "open", "open, later"], (await harness.Receive(queue)).Select(message => message.Body));
    }

    [Fact]
    public async Task What_is_gone_meanwhile_ends_its_copying()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        foreach (string name in (string[])["t", "u"])
        {
            TopicKey topic = await harness.CreateTopic(name);
            await harness.Publish(topic, TopicCalls.Record("a"));
            await harness.Create(name);
            await harness.Subscribe("s", SubscriptionCalls.To(name) with { StartAt = SubscriptionStart.Earliest }, name);
        }

        await harness.Broker.Subscriptions.DeleteAsync(SubscriptionCalls.Subscription("s", "t"), default, default);
        await harness.Broker.Topics.DeleteAsync(TopicCalls.Topic("u"), default, default);
        await harness.Broker.MoveAsync();
        Assert.Equal(0, harness.Broker.Copies.Count);
    }

    [Fact]
    public async Task No_transaction_is_committed_that_would_be_more_to_copy_than_may_wait()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic(), alone = await harness.CreateTopic("alone");
        QueueKey queue = (await harness.SubscribeQueues(1))[0];
        ProducerIdentity copied = await harness.Init("copied"), notCopied = await harness.Init("not copied"), aborted = await harness.Init("aborted");
        foreach (ProducerIdentity producer in (ProducerIdentity[])[copied, notCopied, aborted]) await harness.Begin(producer);
        await harness.PublishIn(topic, copied, "a");
        await harness.PublishIn(topic, aborted, "b");
        await harness.PublishIn(alone, notCopied, "c");
        long[] waiting = Wait(harness, SubscriptionLimits.CopyTasksMax);

        Assert.Equal(ErrorCode.Overloaded, (await harness.Broker.Transactions.EndAsync(AccountId.Default, copied, isCommit: true, default)).Error?.Code);
        await harness.End(notCopied, isCommit: true);
        await harness.End(aborted, isCommit: false);
        using (Command command = harness.Broker.Engine.BeginCommand(0))
        {
            foreach (long id in waiting) harness.Broker.Copies.ApplyProgressed(id, long.MaxValue);
        }

        await harness.End(copied, isCommit: true);
        await harness.Broker.MoveAsync();
        Assert.Equal(["a"], (await harness.Receive(queue)).Select(message => message.Body));
        Assert.Equal(0, harness.Broker.Copies.CommittedCount);
    }

    [Fact]
    public async Task Tasks_that_can_not_go_on_hold_up_no_others()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        QueueKey queue = (await harness.SubscribeQueues(1))[0];
        Wait(harness, (2 * SubscriptionLimits.CopyTasksPerTurnMax) + 50);
        ProducerIdentity producer = await harness.Init("p");
        await harness.Begin(producer);
        for (int i = 0; i < 3; i++) await harness.PublishIn(topic, producer, [.. Enumerable.Range(0, 1_000).Select(number => $"{number}")]);
        await harness.End(producer, isCommit: true);
        await harness.Broker.MoveAsync();

        Assert.Equal(3_000, (await harness.Counts(queue)).Ready);
    }

    // Tasks of a subscription that is paused, which stay as they are.
    private static long[] Wait(BrokerHarness harness, int count)
    {
        Assert.True(harness.Broker.TopicHost.Topics.TryGet(TopicCalls.Topic("t"), out LiveTopic? topic));
        var paused = new LiveSubscription(SubscriptionCalls.Subscription("paused"), long.MaxValue) { Definition = SubscriptionCalls.To("q0") };
        using Command command = harness.Broker.Engine.BeginCommand(0);
        harness.Broker.SubscriptionDirectory.Add(paused);
        long first = harness.Broker.Copies.LastId + 1;
        long[] ids = [.. Enumerable.Range(0, count).Select(i => first + i)];
        foreach (long id in ids)
        {
            harness.Broker.Copies.ApplyStarted(new CopyTask { Id = id, StreamId = topic.First.Stream.Id, Cursor = 0, End = 1_000_000, Subscription = paused.Number, ProducerId = 1 });
        }

        return ids;
    }

    private static OutgoingRecord Kinded(string value) => new() { Value = TopicCalls.Bytes(value), Headers = [new RecordHeader("kind", TopicCalls.Bytes("order"))] };
}
