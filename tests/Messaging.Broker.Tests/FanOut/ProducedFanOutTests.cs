using System.Text;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Producers;
using Messaging.Broker.Queues;
using Messaging.Broker.Records;
using Messaging.Broker.Tests.Producers;
using Messaging.Broker.Tests.Subscriptions;
using Messaging.Broker.Tests.Topics;
using Messaging.Broker.Topics;
using Messaging.Storage.Records;

namespace Messaging.Broker.Tests.FanOut;

/// <summary>What producers publish, and whole batches, on their way to queues.</summary>
public sealed class ProducedFanOutTests
{
    [Fact]
    public async Task A_producers_records_reach_queues_once_however_often_they_are_sent()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        QueueKey[] queues = await harness.SubscribeQueues(2);
        ProducerIdentity producer = await harness.Init();
        await harness.Publish(topic, producer, 0, "a", "b");
        await harness.Publish(topic, producer, 0, "a", "b");
        await harness.Publish(topic, producer, 2, "c");
        harness.Kill();

        Assert.Equal(["a", "b", "c"], (await harness.Receive(queues[0])).Select(message => message.Body));
        Assert.Equal(["a", "b", "c"], (await harness.Receive(queues[1])).Select(message => message.Body));
        Assert.Equal(["a", "b", "c"], (await harness.Fetch(topic)).Select(record => record.Value));
    }

    [Theory]
    [InlineData(RecordCompression.None)]
    [InlineData(RecordCompression.Gzip)]
    public async Task A_whole_batch_reaches_queues_record_by_record(RecordCompression compression)
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        QueueKey[] queues = await harness.SubscribeQueues(2);
        byte[] batch = Records.TestBatches.Build(
            compression, [.. Enumerable.Range(0, 1_500).Select(number => new BatchRecord(5, Records.TestBatches.Body(null, Encoding.UTF8.GetBytes($"m{number}"))))]);
        Result<PublishedBatch> published = await harness.Broker.Topics.PublishBatchAsync(topic, 0, batch, default);
        Assert.True(published.IsOk, published.Error?.Detail);

        foreach (QueueKey queue in queues)
        {
            Delivered[] copies = [.. await harness.Receive(queue, 1_000), .. await harness.Receive(queue, 1_000)];
            Assert.Equal(Enumerable.Range(0, 1_500).Select(number => $"m{number}"), copies.Select(message => message.Body));
        }
    }

    [Fact]
    public async Task A_whole_batch_reaches_the_only_queue_in_as_many_batches_as_it_takes()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        QueueKey queue = (await harness.SubscribeQueues(1))[0];
        byte[] batch = Records.TestBatches.Build(
            RecordCompression.None, [.. Enumerable.Range(0, 1_000).Select(number => new BatchRecord(5, Records.TestBatches.Body(null, Encoding.UTF8.GetBytes($"{number:D900}"))))]);
        Assert.True((await harness.Broker.Topics.PublishBatchAsync(topic, 0, batch, default)).IsOk);

        Assert.Equal(Enumerable.Range(0, 1_000), (await harness.Receive(queue, 1_000)).Select(message => int.Parse(message.Body)));
    }

    [Fact]
    public async Task A_queue_that_remembers_as_many_ids_as_it_can_refuses_batches_and_producers_records_too()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        QueueKey queue = await harness.Create("q", new QueueDefinition { Deduplication = new DeduplicationDefinition { ContentBased = true } });
        await harness.Subscribe("s", SubscriptionCalls.To("q"));
        ProducerIdentity producer = await harness.Init();
        Assert.True(harness.Broker.TryGetState(queue, out QueueState? state));
        long until = harness.NowMs + 1_000;
        for (int i = 0; i < QueueLimits.DeduplicationIdsPerQueueMax; i++) state.OpenWindows().ApplyDeduplicated(new Hash128(1, (ulong)i), 0, until);

        byte[] batch = Records.TestBatches.Build(RecordCompression.None, [new BatchRecord(5, Records.TestBatches.Body(null, "batch"u8.ToArray()))]);
        Assert.Equal(ErrorCode.TooManyDeduplicationIds, (await harness.Broker.Topics.PublishBatchAsync(topic, 0, batch, default)).Error?.Code);
        Assert.Equal(ErrorCode.TooManyDeduplicationIds, await harness.PublishError(topic, producer, 0, "produced"));
        Assert.Empty(await harness.Fetch(topic));

        harness.Advance(2);
        Assert.True((await harness.Broker.Topics.PublishBatchAsync(topic, 0, batch, default)).IsOk);
        Assert.Null(await harness.PublishError(topic, producer, 0, "produced"));
        Assert.Equal(["batch", "produced"], (await harness.Receive(queue)).Select(message => message.Body));
    }
}
