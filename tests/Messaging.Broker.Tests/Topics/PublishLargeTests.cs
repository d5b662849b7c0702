using Messaging.Broker.Names;
using Messaging.Broker.Topics;

namespace Messaging.Broker.Tests.Topics;

/// <summary>Calls with so much for one partition that they become batches of their own.</summary>
public sealed class PublishLargeTests
{
    [Theory]
    [InlineData(1, 20_000)]
    [InlineData(16, 1_024)]
    [InlineData(100, 1_024)]
    [InlineData(400, 1_000)]
    [InlineData(1_000, 20)]
    public async Task Records_of_one_partition_have_offsets_in_their_order(int count, int bytes)
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        await harness.Publish(topic, 0, "before");
        string[] values = [.. Enumerable.Range(0, count).Select(i => $"{i}".PadRight(bytes, '.'))];
        PublishOutcome[] outcomes = await harness.Publish(topic, [.. values.Select((value, i) => TopicCalls.Record(value, key: $"{i}", partition: 0, timestampMs: 1_000 + ((i * 7) % 10)))]);
        await harness.Publish(topic, 0, "after");

        Assert.Equal(Enumerable.Range(1, count).Select(offset => (long)offset), outcomes.Select(outcome => outcome.Offset));
        for (int pass = 0; pass < 2; pass++)
        {
            Fetched[] fetched = await harness.Fetch(topic, bytesMax: 2 << 20);
            Assert.Equal(["before", .. values, "after"], fetched.Select(record => record.Value));
            Assert.Equal(Enumerable.Range(0, count).Select(i => 1_000L + ((i * 7) % 10)), fetched[1..^1].Select(record => record.TimestampMs));
            Assert.Equal(Enumerable.Range(0, count + 2).Select(offset => (long)offset), fetched.Select(record => record.Offset));
            harness.Kill();
        }
    }

    [Fact]
    public async Task What_is_refused_takes_no_offset()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic("t", new TopicDefinition { Partitions = 3, MaxMessageBytes = 40_000 });
        PublishOutcome[] outcomes = await harness.Publish(
            topic,
            TopicCalls.Record(new string('x', 40_001)), TopicCalls.Record(new string('a', 30_000)), TopicCalls.Record("no", partition: 3), TopicCalls.Record("b"), TopicCalls.Record("no", timestampMs: -1));

        Assert.Equal([ErrorCode.MessageTooLarge, null, ErrorCode.PartitionNotFound, null, ErrorCode.InvalidValue], outcomes.Select(outcome => outcome.Error?.Code));
        Assert.Equal([0L, 1L], new[] { outcomes[1].Offset, outcomes[3].Offset });
        Assert.Equal(outcomes[1].Partition, outcomes[3].Partition);
        Assert.Equal([new string('a', 30_000), "b"], (await harness.Fetch(topic, outcomes[1].Partition)).Select(record => record.Value));
    }

    [Fact]
    public async Task Large_records_for_many_partitions_stand_alone()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic("t", new TopicDefinition { Partitions = 3 });
        PublishOutcome[] outcomes = await harness.Publish(topic, [.. Enumerable.Range(0, 30).Select(i => TopicCalls.Record($"{i}".PadRight(2_000, '.'), partition: i % 3))]);

        Assert.Equal(Enumerable.Range(0, 30).Select(i => (i % 3, (long)(i / 3))), outcomes.Select(outcome => (outcome.Partition, outcome.Offset)));
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"{(3 * i) + 1}"), (await harness.Fetch(topic, 1)).Select(record => record.Value!.TrimEnd('.')));
    }
}
