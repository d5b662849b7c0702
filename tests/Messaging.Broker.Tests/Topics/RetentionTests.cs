using Messaging.Broker.Names;
using Messaging.Broker.Topics;

namespace Messaging.Broker.Tests.Topics;

public sealed class RetentionTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Records_go_when_they_are_older_than_their_topic_keeps_them(bool kill)
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic("t", new TopicDefinition { RetentionSeconds = 60 });
        await harness.Publish(topic, 0, "old");
        harness.Advance(50);
        await harness.Publish(topic, 0, "new");
        harness.Advance(20);

        await harness.Broker.TickAsync();

        if (kill) harness.Kill();
        Assert.Equal(new PartitionOffsets(1, 2, 2), await harness.Offsets(topic));
        Assert.Equal(["new"], (await harness.Fetch(topic)).Select(record => record.Value));
        Assert.Equal(ErrorCode.OffsetOutOfRange, await harness.FetchError(topic, 0, 0));
    }

    [Fact]
    public async Task Retention_counts_from_the_producers_time()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic("t", new TopicDefinition { RetentionSeconds = 60 });
        await harness.Publish(topic, TopicCalls.Record("of last week", timestampMs: harness.NowMs - 700_000_000));
        await harness.Publish(topic, TopicCalls.Record("of tomorrow", timestampMs: harness.NowMs + 86_400_000));
        harness.Advance(120);

        await harness.Broker.TickAsync();

        Assert.Equal(["of tomorrow"], (await harness.Fetch(topic)).Select(record => record.Value));
    }

    [Fact]
    public async Task A_partition_keeps_at_most_so_many_bytes()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic("t", new TopicDefinition { RetentionBytes = 50_000 });
        for (int i = 0; i < 20; i++) await harness.Publish(topic, 0, new string((char)('a' + i), 10_000));

        await harness.Broker.TickAsync();

        Fetched[] left = await harness.Fetch(topic);
        Assert.Equal("qrst", string.Concat(left.Select(record => record.Value![0])));
        IReadOnlyList<PartitionDescription> described = (await harness.Broker.Topics.DescribePartitionsAsync(topic, default)).Value;
        Assert.Equal(20, described[0].Offsets.HighWatermark);
    }

    [Fact]
    public async Task For_ever_is_for_ever_and_a_compacted_topic_is_not_trimmed()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey kept = await harness.CreateTopic("kept", new TopicDefinition { RetentionSeconds = null });
        TopicKey compacted = await harness.CreateTopic("compacted", new TopicDefinition { RetentionSeconds = 60, Cleanup = TopicCleanup.Compact });
        await harness.Publish(kept, 0, "a");
        await harness.Publish(compacted, TopicCalls.Record("a", "k"));
        harness.Advance(700_000);

        await harness.Broker.TickAsync();

        Assert.Single(await harness.Fetch(kept));
        Assert.Single(await harness.Fetch(compacted));
    }

    [Fact]
    public async Task An_offset_is_found_by_its_time()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic("t", new TopicDefinition { Partitions = 2, RetentionSeconds = null });
        await harness.Publish(topic, [.. Enumerable.Range(0, 100).Select(i => TopicCalls.Record($"{i}", partition: 0, timestampMs: 1_000 + (i * 10)))]);

        async Task<FoundOffset> Find(long at, int partition = 0) => Assert.Single((await harness.Broker.Topics.FindOffsetsAsync(topic, partition, at, default)).Value);
        Assert.Equal(new FoundOffset(0, 0, 1_000), await Find(0));
        Assert.Equal(new FoundOffset(0, 50, 1_500), await Find(1_500));
        Assert.Equal(new FoundOffset(0, 51, 1_510), await Find(1_501));
        Assert.Equal(new FoundOffset(0, 100, null), await Find(5_000));
        Assert.Equal(new FoundOffset(1, 0, null), await Find(1_000, 1));
        Assert.Equal(new FoundOffset(0, 0, null), await Find(FetchRequest.Earliest));
        Assert.Equal(new FoundOffset(0, 100, null), await Find(FetchRequest.Latest));
        Assert.Equal(2, (await harness.Broker.Topics.FindOffsetsAsync(topic, null, 0, default)).Value.Count);
        Assert.Equal(ErrorCode.PartitionNotFound, (await harness.Broker.Topics.FindOffsetsAsync(topic, 2, 0, default)).Error!.Code);
    }
}
