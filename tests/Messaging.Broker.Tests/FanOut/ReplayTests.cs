using System.Text.Json;
using Messaging.Broker.Filters;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Tests.Subscriptions;
using Messaging.Broker.Tests.Topics;
using Messaging.Broker.Topics;

namespace Messaging.Broker.Tests.FanOut;

/// <summary>What a topic keeps is copied to a subscription again, when it asks for that.</summary>
public sealed class ReplayTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task All_that_is_kept_comes_once_more_whatever_crashes(bool isClean)
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic(definition: new TopicDefinition { Partitions = 3 });
        QueueKey queue = (await harness.SubscribeQueues(1))[0];
        for (int i = 0; i < 3_000; i += 100) await harness.Publish(topic, [.. Enumerable.Range(i, 100).Select(number => TopicCalls.Record($"{number}", $"key {number % 50}"))]);
        Assert.Equal(3_000, (await ReceiveAll(harness, queue)).Count);
        SubscriptionDescription before = (await harness.GetSubscription("s0"))!;
        SubscriptionDescription started = await Replay(harness, SubscriptionStart.Earliest);
        Assert.Equal(before, started with { Replay = null });
        Assert.Equal((SubscriptionStart.Earliest, (long?)null), (started.Replay!.From, started.Replay.ToMs));
        await harness.Publish(topic, TopicCalls.Record("3000"));
        if (isClean) await harness.Restart();
        else harness.Kill();
        await harness.Broker.MoveAsync();
        if (isClean) await harness.Restart();
        else harness.Kill();
        await harness.Broker.MoveAsync();

        Assert.Equal(ReplayStatus.Completed, (await harness.GetSubscription("s0"))!.Replay!.Status);
        List<(string Body, bool IsReplayed)> received = await ReceiveAll(harness, queue);
        Assert.Equal(Enumerable.Range(0, 3_001), received.Select(message => int.Parse(message.Body)).Order());
        Assert.Equal("3000", Assert.Single(received, message => !message.IsReplayed).Body);
        // Of each key in its order.
        Assert.All(received.Where(message => message.IsReplayed).Select(message => int.Parse(message.Body)).GroupBy(number => number % 50), group => Assert.Equal(group.Order(), group));
    }

    [Fact]
    public async Task A_span_begins_at_its_first_time_and_ends_before_its_last_and_the_filter_is_the_one_of_now()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        QueueKey queue = await harness.Create();
        await harness.Subscribe("s0", SubscriptionCalls.To("q") with { Filter = new SubscriptionFilter(FilterScope.Body, """{"none":["x"]}""") });
        var times = new List<long>();
        foreach (string text in (string[])["one", "two", "three", "four"])
        {
            times.Add(harness.NowMs);
            await harness.Publish(topic, TopicCalls.Record(text));
            harness.Advance(10);
        }

        await harness.Subscribe("s0", SubscriptionCalls.To("q"));
        await Replay(harness, SubscriptionStart.At(times[1]), times[3]);
        await harness.Broker.MoveAsync();
        Assert.Equal(["two", "three"], (await harness.Receive(queue)).Select(message => message.Body));
        Assert.Equal(new SubscriptionReplay(SubscriptionStart.At(times[1]), times[3], ReplayStatus.Completed), (await harness.GetSubscription("s0"))!.Replay);
        await Replay(harness, SubscriptionStart.At(harness.NowMs));
        Assert.Equal(ReplayStatus.Completed, (await harness.GetSubscription("s0"))!.Replay!.Status);
    }

    [Fact]
    public async Task In_a_FIFO_queue_a_replayed_message_is_no_duplicate_and_makes_none_and_its_group_is_in_order()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic(definition: new TopicDefinition { Type = TopicType.Fifo });
        QueueKey queue = await harness.Create("q", new QueueDefinition { Type = QueueType.Fifo });
        await harness.Subscribe("s0", SubscriptionCalls.To("q"));
        await harness.Publish(topic, Record("a1", "a"), Record("b1", "b"), Record("a2", "a"));
        await Replay(harness, SubscriptionStart.Earliest);
        await harness.Broker.MoveAsync();
        harness.Kill();
        // Its id is that of the first one, whose window goes on; and none of those that came again.
        Assert.True((await harness.Broker.Queues.SendAsync(queue, new[] { new OutgoingMessage { Body = "x"u8.ToArray(), Group = "b", DeduplicationId = "b1" } }, default)).Value[0].IsDuplicate);
        harness.Advance(301);
        await Replay(harness, SubscriptionStart.Earliest);
        await harness.Broker.MoveAsync();
        Assert.False((await harness.Broker.Queues.SendAsync(queue, new[] { new OutgoingMessage { Body = "x"u8.ToArray(), Group = "b", DeduplicationId = "b1" } }, default)).Value[0].IsDuplicate);

        List<string> received = [];
        while (await harness.ReceiveWhole(queue, 1) is [var message])
        {
            received.Add(BrokerHarness.Text(message));
            Assert.Null(await harness.Acknowledge(queue, message.Receipt));
        }

        Assert.Equal(["a1", "a2", "a1", "a2", "a1", "a2"], received.Where(text => text[0] == 'a'));
        Assert.Equal(["b1", "b1", "b1", "x"], received.Where(text => text[0] != 'a'));
    }

    [Fact]
    public async Task A_notification_that_comes_again_says_so_and_when_it_was_published()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        QueueKey queue = (await harness.SubscribeQueues(1, raw: false))[0];
        await harness.Publish(topic, TopicCalls.Record("text"));
        JsonElement first = Parse(Assert.Single(await harness.ReceiveWhole(queue)));
        harness.Advance(3_600);
        await harness.Pause("s0");
        await Replay(harness, SubscriptionStart.Earliest);
        await harness.Broker.MoveAsync();
        Assert.DoesNotContain(await harness.ReceiveWhole(queue), message => message.IsReplayed);
        harness.Advance(3_600);
        await harness.Resume("s0");
        await harness.Broker.MoveAsync();
        JsonElement again = Parse(Assert.Single(await harness.ReceiveWhole(queue), message => message.IsReplayed));
        Assert.True(again.GetProperty("Replayed").GetBoolean());
        Assert.False(first.TryGetProperty("Replayed", out _));
        foreach (string member in (string[])["MessageId", "Timestamp", "Message", "Signature"]) Assert.Equal(first.GetProperty(member).GetString(), again.GetProperty(member).GetString());

        static JsonElement Parse(ReceivedMessage message) => JsonDocument.Parse(message.Body).RootElement;
    }

    [Fact]
    public async Task One_replay_goes_on_at_a_time_until_it_is_done_or_ended()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        await harness.Subscribe("s0", new SubscriptionDefinition { Target = new SubscriptionTarget.OfEndpoint("https://example.com") });
        await harness.Publish(topic, TopicCalls.Record("a"));
        // It waits for its confirmation, and so does what it gets again.
        Assert.Equal(ReplayStatus.Pending, (await Replay(harness, SubscriptionStart.Earliest)).Replay!.Status);
        await harness.Broker.MoveAsync();
        Assert.Equal(ErrorCode.ReplayRunning, (await Try(harness, SubscriptionStart.Earliest)).Code);
        await harness.Restart();
        Assert.Equal(ReplayStatus.Pending, (await harness.GetSubscription("s0"))!.Replay!.Status);
        Assert.Equal(1, harness.Broker.Copies.Count);
        for (int i = 0; i < 2; i++) Assert.Null((await harness.Broker.Subscriptions.EndReplayAsync(SubscriptionCalls.Subscription("s0"), default)).Value.Replay);
        harness.Kill();
        Assert.Equal((0, null), (harness.Broker.Copies.Count, (await harness.GetSubscription("s0"))!.Replay));
        await Replay(harness, SubscriptionStart.Earliest);
        Assert.True((await harness.Broker.Subscriptions.DeleteAsync(SubscriptionCalls.Subscription("s0"), default, default)).IsOk);
        await harness.Broker.MoveAsync();
        Assert.Equal(0, harness.Broker.Copies.Count);
    }

    [Fact]
    public async Task What_can_not_be_replayed_is_refused()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        Assert.Equal(ErrorCode.TopicNotFound, (await Try(harness, SubscriptionStart.Earliest)).Code);
        TopicKey topic = await harness.CreateTopic(definition: new TopicDefinition { RetentionSeconds = 0 });
        Assert.Equal(ErrorCode.SubscriptionNotFound, (await Try(harness, SubscriptionStart.Earliest)).Code);
        await harness.SubscribeQueues(1);
        await harness.Publish(topic, TopicCalls.Record("a"));
        Assert.Equal(ErrorCode.NothingRetained, (await Try(harness, SubscriptionStart.Earliest)).Code);
        await harness.CreateTopic(definition: new TopicDefinition());
        Assert.True((await harness.Broker.Topics.DeleteRecordsAsync(topic, 0, 1, default)).IsOk);
        Assert.Equal(ErrorCode.NothingRetained, (await Try(harness, SubscriptionStart.Earliest)).Code);
        foreach ((SubscriptionStart from, long? to, string field) in new (SubscriptionStart, long?, string)[]
        {
            (SubscriptionStart.Now, null, "from"), (SubscriptionStart.At(harness.NowMs + 60_000), null, "from"), (SubscriptionStart.At(-1), null, "from"),
            (SubscriptionStart.At(5), 5, "to"), (SubscriptionStart.Earliest, 0, "to"), (SubscriptionStart.Earliest, long.MaxValue, "to"),
        })
        {
            BrokerError refused = await Try(harness, from, to);
            Assert.Equal((ErrorCode.InvalidValue, field), (refused.Code, refused.Field));
        }
    }

    private static OutgoingRecord Record(string value, string group) => TopicCalls.Record(value, group) with { DeduplicationId = value };

    private static async Task<SubscriptionDescription> Replay(BrokerHarness harness, SubscriptionStart from, long? toMs = null)
    {
        Result<SubscriptionDescription> started = await harness.Broker.Subscriptions.ReplayAsync(SubscriptionCalls.Subscription("s0"), from, toMs, default);
        Assert.True(started.IsOk, started.Error?.Detail);
        return started.Value;
    }

    private static async Task<BrokerError> Try(BrokerHarness harness, SubscriptionStart from, long? toMs = null) =>
        (await harness.Broker.Subscriptions.ReplayAsync(SubscriptionCalls.Subscription("s0"), from, toMs, default)).Error!;

    private static async Task<List<(string Body, bool IsReplayed)>> ReceiveAll(BrokerHarness harness, QueueKey queue)
    {
        List<(string, bool)> received = [];
        while (await harness.ReceiveWhole(queue, 1_000) is { Length: > 0 } some) received.AddRange(some.Select(message => (BrokerHarness.Text(message), message.IsReplayed)));
        return received;
    }
}
