using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Producers;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Tests.Producers;
using Messaging.Broker.Tests.Subscriptions;
using Messaging.Broker.Tests.Topics;
using Messaging.Broker.Topics;

namespace Messaging.Broker.Tests.FanOut;

/// <summary>FIFO topics: one order, and each record once.</summary>
public sealed class FifoTopicTests
{
    private static readonly TopicDefinition Fifo = new() { Type = TopicType.Fifo };

    [Fact]
    public async Task What_is_published_again_within_the_window_is_stored_once_and_answered_with_the_first()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic(definition: Fifo);
        PublishOutcome[] first = await harness.Publish(topic, Record("a", "g", "1"), Record("b", "g", "2"), Record("again", "g", "1"));
        harness.Kill();
        PublishOutcome[] second = await harness.Publish(topic, Record("again", "other group", "2"), Record("c", "g", "3"));
        await harness.Restart();
        harness.Advance(301);
        PublishOutcome[] third = await harness.Publish(topic, Record("a later", "g", "1"));

        Assert.Equal([(0, false), (1, false), (0, true)], first.Select(outcome => (outcome.Offset, outcome.IsDuplicate)).Select(x => ((int)x.Offset, x.IsDuplicate)));
        Assert.Equal([(1, true), (2, false)], second.Select(outcome => ((int)outcome.Offset, outcome.IsDuplicate)));
        Assert.False(third[0].IsDuplicate);
        Assert.Equal(["a", "b", "c", "a later"], (await harness.Fetch(topic)).Select(record => record.Value));
    }

    [Fact]
    public async Task Ids_can_be_of_the_content_and_of_each_group()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic(definition: Fifo with { Deduplication = new DeduplicationDefinition { ContentBased = true, Scope = DeduplicationScope.Group } });
        await harness.Publish(topic, Record("same", "g"), Record("same", "g"), Record("same", "h"), Record("same", "g", "own id"));

        Assert.Equal(["g", "h", "g"], (await harness.Fetch(topic)).Select(record => record.Key));
    }

    [Fact]
    public async Task Order_and_ids_reach_FIFO_queues_and_standard_ones()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic(definition: Fifo with { Deduplication = new DeduplicationDefinition { ContentBased = true } });
        QueueKey fifo = await harness.Create("fifo", new QueueDefinition { Type = QueueType.Fifo }), standard = await harness.Create("standard");
        await harness.Subscribe("fifo", SubscriptionCalls.To("fifo"));
        await harness.Subscribe("standard", SubscriptionCalls.To("standard"));
        await harness.Publish(topic, Record("a1", "a"), Record("b1", "b"), Record("a2", "a"), Record("a1", "a"));
        await harness.Publish(topic, Record("b1", "b"), Record("b2", "b"));
        harness.Kill();

        ReceivedMessage[] first = await harness.ReceiveWhole(fifo, 1);
        ReceivedMessage[] rest = await harness.ReceiveWhole(fifo);
        Assert.Equal(["a1"], first.Select(BrokerHarness.Text));
        Assert.Equal(["b1", "b2"], rest.Select(BrokerHarness.Text));
        Assert.All(rest, message => Assert.Equal(64, message.DeduplicationId?.Length));
        Assert.Null(await harness.Acknowledge(fifo, first[0].Receipt));
        Assert.Equal(["a2"], (await harness.ReceiveWhole(fifo)).Select(BrokerHarness.Text));
        Assert.Equal(["a1", "a2", "b1", "b2"], (await harness.Receive(standard)).Select(message => message.Body).Order());
    }

    [Fact]
    public async Task A_queue_does_not_take_what_it_was_sent_under_the_same_id()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic(definition: Fifo);
        QueueKey queue = await harness.Create("q", new QueueDefinition { Type = QueueType.Fifo }), other = await harness.Create("other", new QueueDefinition { Type = QueueType.Fifo });
        await harness.Subscribe("s", SubscriptionCalls.To("q"));
        await harness.Subscribe("t", SubscriptionCalls.To("other"));
        Result<SendOutcome[]> sent = await harness.Broker.Queues.SendAsync(queue, new[] { new OutgoingMessage { Body = "sent"u8.ToArray(), Group = "g", DeduplicationId = "1" } }, default);
        Assert.True(sent.IsOk);
        await harness.Publish(topic, Record("published", "g", "1"));
        harness.Kill();
        await harness.Publish(topic, Record("published later", "g", "2"));
        Result<SendOutcome[]> again = await harness.Broker.Queues.SendAsync(queue, new[] { new OutgoingMessage { Body = "sent again"u8.ToArray(), Group = "g", DeduplicationId = "2" } }, default);

        Assert.True(again.Value[0].IsDuplicate);
        Assert.Equal(["sent", "published later"], (await harness.Receive(queue)).Select(message => message.Body));
        Assert.Equal(["published", "published later"], (await harness.Receive(other)).Select(message => message.Body));
    }

    [Fact]
    public async Task What_is_pushed_was_deduplicated_by_the_topic_and_is_not_again()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic(definition: Fifo with { Deduplication = new DeduplicationDefinition { Scope = DeduplicationScope.Group, WindowSeconds = 10 } });
        await harness.Subscribe("s", new SubscriptionDefinition { Target = new SubscriptionTarget.OfEndpoint("https://example.com/"), Confirmed = true });
        await harness.Publish(topic, Record("a", "A", "1"), Record("b", "B", "1"), Record("b again", "B", "1"));
        harness.Advance(11);
        await harness.Publish(topic, Record("a later", "A", "1"));
        harness.Kill();

        Assert.Equal(["a", "b", "a later"], (await harness.Fetch(topic)).Select(record => record.Value));
        Assert.Equal(3, (await harness.Broker.Deliveries.ReportAsync(SubscriptionCalls.Subscription("s"), default)).Value.Waiting);
    }

    [Fact]
    public async Task What_has_no_place_in_one_order_is_refused()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic(definition: Fifo), standard = await harness.CreateTopic("standard");
        PublishOutcome[] refused = await harness.Publish(topic, Record("no group", null), Record("an id too long", "g", new string('x', 1_000)));
        Assert.Equal(["records[0].key", "records[1].deduplicationId"], refused.Select(outcome => outcome.Error?.Field));
        Assert.Equal("records[0].deduplicationId", (await harness.Publish(standard, Record("a", "g", "1")))[0].Error?.Field);
        ProducerIdentity producer = await harness.Init();
        Assert.Equal(ErrorCode.InvalidValue, await harness.PublishError(topic, producer, 0, "a"));
        Result<PublishedBatch> batch = await harness.Broker.Topics.PublishBatchAsync(topic, 0, Records.TestBatches.Golden, default);
        Assert.Equal(ErrorCode.InvalidValue, batch.Error?.Code);
        foreach ((TopicDefinition definition, string field) in new[]
        {
            (Fifo with { Partitions = 2 }, "partitions"), (Fifo with { Cleanup = TopicCleanup.Compact }, "cleanup"),
            (Fifo with { Deduplication = new DeduplicationDefinition { WindowSeconds = 0 } }, "deduplication.windowSeconds"),
            (new TopicDefinition { Deduplication = new DeduplicationDefinition() }, "deduplication"),
        })
        {
            Assert.Equal(field, (await harness.Broker.Topics.PutAsync(TopicCalls.Topic("new"), definition, default, default)).Error?.Field);
        }
    }

    private static OutgoingRecord Record(string value, string? group, string? id = null) => TopicCalls.Record(value, group) with { DeduplicationId = id };
}
