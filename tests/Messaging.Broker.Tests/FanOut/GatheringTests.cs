using System.Text;
using Messaging.Broker.Filters;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Tests.Subscriptions;
using Messaging.Broker.Tests.Topics;
using Messaging.Broker.Topics;
using Messaging.Storage;

namespace Messaging.Broker.Tests.FanOut;

/// <summary>What is published while a subscription of a queue is paused comes there later: once, and in order where there is one.</summary>
public sealed class GatheringTests
{
    private static readonly TopicDefinition Fifo = new() { Type = TopicType.Fifo };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_published_during_a_pause_reaches_the_queue_once_whatever_crashes(bool isClean)
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic(definition: new TopicDefinition { RetentionSeconds = 0 });
        QueueKey queue = (await harness.SubscribeQueues(1))[0];
        await harness.Publish(topic, TopicCalls.Record("before"));
        await harness.Pause("s0");
        for (int i = 0; i < 2_500; i += 100) await harness.Publish(topic, [.. Enumerable.Range(i, 100).Select(number => TopicCalls.Record($"{number}"))]);
        await Again(harness, isClean);
        await harness.Publish(topic, TopicCalls.Record("after the restart"));
        await harness.Broker.MoveAsync();
        Assert.Equal(1, (await harness.Counts(queue)).Ready);
        Assert.Equal(2_501, (await harness.Broker.Deliveries.ReportAsync(SubscriptionCalls.Subscription("s0"), default)).Value.Waiting);

        await harness.Resume("s0");
        await harness.Publish(topic, TopicCalls.Record("resumed"));
        await Again(harness, isClean);
        await harness.Broker.MoveAsync();
        await Again(harness, isClean);
        await harness.Broker.MoveAsync();
        await harness.Publish(topic, TopicCalls.Record("direct"));

        string[] received = Sorted(await ReceiveAll(harness, queue));
        Assert.Equal(["after the restart", "before", "direct", "resumed", .. Enumerable.Range(0, 2_500).Select(number => $"{number}")], received);
        Assert.Null(Live(harness, "s0").Gathering);
        Assert.Equal(0, (await harness.Broker.Deliveries.ReportAsync(SubscriptionCalls.Subscription("s0"), default)).Value.Waiting);
    }

    [Fact]
    public async Task What_has_gone_on_before_a_crash_is_not_there_once_more()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        QueueKey queue = (await harness.SubscribeQueues(1))[0];
        await harness.Pause("s0");
        for (int i = 0; i < 5_000; i += 1_000) await harness.Publish(topic, [.. Enumerable.Range(i, 1_000).Select(number => TopicCalls.Record($"{number}"))]);
        await harness.Resume("s0");
        // Held again when the first of five steps has been made.
        for (int i = 0; i < 10_000 && await Waiting() == 5_000; i++) await Task.Yield();
        await harness.Pause("s0");
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal(5_000, (await harness.Counts(queue)).Ready + await Waiting());
            harness.Kill();
        }

        async Task<long> Waiting() => (await harness.Broker.Deliveries.ReportAsync(SubscriptionCalls.Subscription("s0"), default)).Value.Waiting;
    }

    [Fact]
    public async Task Nothing_of_a_group_passes_what_has_gathered_of_it()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic(definition: Fifo);
        QueueKey queue = await harness.Create("q", new QueueDefinition { Type = QueueType.Fifo });
        await harness.Subscribe("s", SubscriptionCalls.To("q"));
        int next = 0;
        await Publish(3);
        await harness.Pause("s");
        await Publish(30);
        harness.Kill();
        await harness.Resume("s");
        // All of it may be moved by now, or some, or nothing.
        await Publish(3);
        await harness.Restart();
        await Publish(3);
        await harness.Broker.MoveAsync();
        Assert.Null(Live(harness, "s").Gathering);
        await Publish(3);
        harness.Kill();

        List<string> received = [];
        while (await harness.ReceiveWhole(queue, 1) is [var message])
        {
            received.Add(BrokerHarness.Text(message));
            Assert.Null(await harness.Acknowledge(queue, message.Receipt));
        }

        foreach (string group in (string[])["0", "1", "2"])
        {
            Assert.Equal(Enumerable.Range(0, next).Where(number => $"{number % 3}" == group).Select(number => $"{number}"), received.Where(text => $"{int.Parse(text) % 3}" == group));
        }

        async Task Publish(int count)
        {
            for (; count > 0; count--) await harness.Publish(topic, Record($"{next}", $"{next++ % 3}"));
        }
    }

    [Fact]
    public async Task Those_who_publish_all_the_time_do_not_keep_it_from_coming_to_its_end()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic(definition: Fifo);
        await harness.Create("q");
        await harness.Subscribe("s", SubscriptionCalls.To("q"));
        await harness.Pause("s");
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System);
        int[] counts = await Task.WhenAll(Enumerable.Range(0, 4).Select(group => Task.Run(async () =>
        {
            int number = 0;
            for (; Live(harness, "s").Gathering is not null && !stop.IsCancellationRequested; number++)
            {
                await harness.Publish(topic, Record($"{group} {number}", $"{group}"));
                if (group == 0 && number == 50) await harness.Resume("s");
            }

            return number;
        })));

        Assert.False(stop.IsCancellationRequested);
        Assert.True(harness.Broker.QueueDirectory.TryGet(BrokerHarness.Key("q"), out LiveQueue? queue));
        List<string> stored = Stored(harness, queue);
        for (int group = 0; group < counts.Length; group++)
        {
            Assert.Equal(Enumerable.Range(0, counts[group]).Select(number => $"{group} {number}"), stored.Where(text => text[0] == '0' + group));
        }
    }

    [Fact]
    public async Task A_pause_that_comes_again_before_all_has_gone_on_keeps_the_rest_and_what_comes()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        QueueKey queue = (await harness.SubscribeQueues(1))[0];
        await harness.Pause("s0");
        await harness.Publish(topic, TopicCalls.Record("one"));
        await harness.Resume("s0");
        await harness.Publish(topic, TopicCalls.Record("live"));
        await harness.Pause("s0");
        await harness.Publish(topic, TopicCalls.Record("two"));
        await harness.Broker.MoveAsync();
        Assert.Null(Array.Find(await harness.Receive(queue), message => message.Body == "two"));
        await harness.Resume("s0");
        await harness.Broker.MoveAsync();
        harness.Advance(60);
        Assert.Equal(["live", "one", "two"], (await harness.Receive(queue)).Select(message => message.Body).Order());
    }

    [Fact]
    public async Task What_has_gathered_was_chosen_when_it_was_published_and_goes_as_the_subscription_says_when_it_goes()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        QueueKey queue = await harness.Create("q", new QueueDefinition { DelaySeconds = 10 }), other = await harness.Create("other"), dead = await harness.Create("dead");
        SubscriptionDefinition definition = SubscriptionCalls.To("q") with { Filter = new SubscriptionFilter(FilterScope.Attributes, """{"kind":["order"]}"""), DeadLetter = dead.Name };
        await harness.Subscribe("s", definition);
        await harness.Pause("s");
        await harness.Publish(topic, Kinded("order"), Kinded("note"));
        await harness.Subscribe("s", definition with { Filter = null, Raw = false });
        await harness.Resume("s");
        await harness.Broker.MoveAsync();
        Assert.Equal(1, (await harness.Counts(queue)).Delayed);
        harness.Advance(11);
        ReceivedMessage copy = Assert.Single(await harness.ReceiveWhole(queue));
        Assert.Contains("\"Type\":\"Notification\"", BrokerHarness.Text(copy).Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);

        // The one queue gets what had gathered for the other; one that is not there has a dead-letter queue.
        await harness.Pause("s");
        await harness.Publish(topic, Kinded("moved"));
        await harness.Subscribe("s", SubscriptionCalls.To("other") with { DeadLetter = dead.Name });
        harness.Kill();
        await harness.Resume("s");
        await harness.Broker.MoveAsync();
        Assert.Equal(["moved"], (await harness.Receive(other)).Select(message => message.Body));
        await harness.Pause("s");
        await harness.Publish(topic, Kinded("lost"));
        Assert.True((await harness.Broker.Queues.DeleteAsync(other, default)).IsOk);
        await harness.Resume("s");
        await harness.Broker.MoveAsync();
        ReceivedMessage lost = Assert.Single(await harness.ReceiveWhole(dead));
        Assert.Equal(["kind", "ErrorCode", "ErrorMessage"], lost.Attributes.Select(attribute => attribute.Name));
    }

    [Fact]
    public async Task A_queue_that_remembers_ids_has_what_had_gathered_once()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic(definition: Fifo);
        QueueKey queue = await harness.Create("q", new QueueDefinition { Type = QueueType.Fifo });
        await harness.Subscribe("s", SubscriptionCalls.To("q"));
        await harness.Pause("s");
        await harness.Publish(topic, Record("published", "g", "1"));
        Assert.True((await harness.Broker.Queues.SendAsync(queue, new[] { new OutgoingMessage { Body = "sent"u8.ToArray(), Group = "g", DeduplicationId = "1" } }, default)).IsOk);
        await harness.Publish(topic, Record("later", "g", "2"));
        await harness.Resume("s");
        await harness.Broker.MoveAsync();
        Assert.True((await harness.Broker.Queues.SendAsync(queue, new[] { new OutgoingMessage { Body = "again"u8.ToArray(), Group = "g", DeduplicationId = "2" } }, default)).Value[0].IsDuplicate);
        Assert.Equal(["sent", "later"], (await harness.Receive(queue)).Select(message => message.Body));
    }

    [Fact]
    public async Task What_was_published_again_after_the_window_is_not_lost_because_both_come_at_once()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic(definition: Fifo);
        QueueKey queue = await harness.Create("q", new QueueDefinition { Type = QueueType.Fifo });
        await harness.Subscribe("s", SubscriptionCalls.To("q"));
        await harness.Pause("s");
        for (int i = 0; i < 3; i++)
        {
            await harness.Publish(topic, Record($"{i}", "g", "tick"));
            harness.Advance(301);
        }

        await harness.Publish(topic, Record("3", "g", "tick"));
        await harness.Resume("s");
        await harness.Broker.MoveAsync();
        Assert.True((await harness.Broker.Queues.SendAsync(queue, new[] { new OutgoingMessage { Body = "x"u8.ToArray(), Group = "g", DeduplicationId = "tick" } }, default)).Value[0].IsDuplicate);
        Assert.Equal(["0", "1", "2", "3"], (await harness.Receive(queue)).Select(message => message.Body));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_subscription_of_an_ordered_topic_begins_with_its_records_and_nothing_passes_them(bool isPushed)
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic(definition: Fifo);
        for (int i = 0; i < 1_500; i += 100) await harness.Publish(topic, [.. Enumerable.Range(i, 100).Select(Numbered)]);
        await harness.Create("q", new QueueDefinition { Type = QueueType.Fifo });
        SubscriptionTarget target = isPushed ? new SubscriptionTarget.OfFunction("https://example.com") : SubscriptionCalls.To("q").Target;
        await harness.Subscribe("s", new SubscriptionDefinition { Target = target, StartAt = SubscriptionStart.Earliest });
        int next = 1_500;
        // All of the time one or the other is under way.
        foreach (Func<Task> turn in (Func<Task>[])[() => harness.Broker.MoveAsync().AsTask(), () => harness.Pause("s"), harness.Restart, () => harness.Resume("s"), () => Task.Run(harness.Kill), () => harness.Broker.MoveAsync().AsTask()])
        {
            for (int i = 0; i < 10; i++) await harness.Publish(topic, Numbered(next++));
            await turn();
        }

        Assert.Null(Live(harness, "s").Gathering);
        await harness.Publish(topic, Numbered(next++));
        LiveQueue queue = isPushed ? Live(harness, "s").DeliveryQueue! : harness.Broker.QueueDirectory.TryGet(BrokerHarness.Key("q"), out LiveQueue? named) ? named : throw new InvalidOperationException();
        Assert.Equal(Enumerable.Range(0, next).Select(number => $"{number}"), Stored(harness, queue));
        Assert.Equal(0, harness.Broker.Copies.Count);

        static OutgoingRecord Numbered(int number) => Record($"{number}", $"{number % 3}");
    }

    [Fact]
    public async Task What_has_gathered_goes_with_the_subscription_its_topic_and_its_queue_that_is_none_any_more()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic(), other = await harness.CreateTopic("other");
        await harness.SubscribeQueues(2);
        await harness.Subscribe("s", SubscriptionCalls.To("q0"), "other");
        int streams = harness.Broker.QueueDirectory.Count;
        foreach (string name in (string[])["s0", "s1"]) await harness.Pause(name);
        await harness.Pause("s", "other");
        Assert.Equal(streams + 3, harness.Broker.QueueDirectory.Count);
        await harness.Publish(topic, TopicCalls.Record("a"));
        await harness.Publish(other, TopicCalls.Record("a"));
        Assert.True((await harness.Broker.Subscriptions.DeleteAsync(SubscriptionCalls.Subscription("s0"), default, default)).IsOk);
        Assert.True((await harness.Broker.Topics.DeleteAsync(other, default, default)).IsOk);
        // Somebody else's endpoint gets nothing of what was for a queue, and a queue nothing of what was for an endpoint.
        await harness.Subscribe("s1", new SubscriptionDefinition { Target = new SubscriptionTarget.OfEndpoint("https://example.com"), Confirmed = true });
        Assert.Equal(0, (await harness.Broker.Deliveries.ReportAsync(SubscriptionCalls.Subscription("s1"), default)).Value.Waiting);
        await harness.Publish(topic, TopicCalls.Record("b"));
        await harness.Subscribe("s1", SubscriptionCalls.To("q1"));
        Assert.Equal(streams + 1, harness.Broker.QueueDirectory.Count);
        harness.Kill();
        await harness.Resume("s1");
        await harness.Broker.MoveAsync();
        await harness.Restart();
        Assert.Equal(streams, harness.Broker.QueueDirectory.Count);
        Assert.Equal(0, (await harness.Counts(BrokerHarness.Key("q1"))).Ready);
    }

    private static List<string> Stored(BrokerHarness harness, LiveQueue queue)
    {
        var bodies = new List<string>();
        for (long offset = 0; offset < queue.Stream.Next; offset++)
        {
            using RecordSet records = harness.Broker.Engine.Read(queue.Stream, [offset]);
            Assert.True(RecordDecoder.TryRead(records[0].Body, out RecordDecoder.Decoded decoded));
            bodies.Add(Encoding.UTF8.GetString(decoded.Body.Span));
        }

        return bodies;
    }

    private static OutgoingRecord Record(string value, string? group, string? id = null) => TopicCalls.Record(value, group) with { DeduplicationId = id ?? value };

    private static OutgoingRecord Kinded(string kind) => new() { Value = TopicCalls.Bytes(kind), Headers = [new RecordHeader("kind", TopicCalls.Bytes(kind))] };

    private static LiveSubscription Live(BrokerHarness harness, string name) =>
        harness.Broker.SubscriptionDirectory.TryGet(SubscriptionCalls.Subscription(name), out LiveSubscription? live) ? live : throw new ArgumentException(name, nameof(name));

    private static string[] Sorted(IEnumerable<string> texts) => [.. texts.OrderBy(text => int.TryParse(text, out int number) ? number : -1).ThenBy(text => text, StringComparer.Ordinal)];

    private static async Task<List<string>> ReceiveAll(BrokerHarness harness, QueueKey queue)
    {
        List<string> received = [];
        while (await harness.Receive(queue, 1_000) is { Length: > 0 } some) received.AddRange(some.Select(message => message.Body));
        return received;
    }

    private static async Task Again(BrokerHarness harness, bool isClean)
    {
        if (isClean) await harness.Restart();
        else harness.Kill();
    }
}
