using System.Text;
using Messaging.Broker.Names;
using Messaging.Broker.Topics;

namespace Messaging.Broker.Tests.Topics;

/// <summary>The calls of a test on topics in few words.</summary>
internal static class TopicCalls
{
    public static TopicKey Topic(string name)
    {
        Assert.True(TopicName.TryParse(name, out TopicName topic));
        return new TopicKey(AccountId.Default, NamespaceName.Default, topic);
    }

    public static async Task<TopicKey> CreateTopic(this BrokerHarness harness, string name = "t", TopicDefinition? definition = null)
    {
        TopicKey key = Topic(name);
        Result<PutTopicResult> put = await harness.Broker.Topics.PutAsync(key, definition ?? new TopicDefinition(), default, default);
        Assert.True(put.IsOk, put.Error?.Detail);
        return key;
    }

    /// <summary>A record of text; a null value is a tombstone.</summary>
    public static OutgoingRecord Record(string? value, string? key = null, int? partition = null, long? timestampMs = null) => new()
    {
        Key = Bytes(key),
        Value = Bytes(value),
        Partition = partition,
        TimestampMs = timestampMs,
    };

    /// <summary>Null stays null: an array that is null would become an empty memory.</summary>
    public static ReadOnlyMemory<byte>? Bytes(string? text) => text is null ? (ReadOnlyMemory<byte>?)null : Encoding.UTF8.GetBytes(text);

    public static async Task<PublishOutcome[]> Publish(this BrokerHarness harness, TopicKey topic, params OutgoingRecord[] records)
    {
        Result<PublishOutcome[]> published = await harness.Broker.Topics.PublishAsync(topic, records, null, default);
        Assert.True(published.IsOk, published.Error?.Detail);
        return published.Value;
    }

    /// <summary>Publishes texts into one partition; the offset of the first.</summary>
    public static async Task<long> Publish(this BrokerHarness harness, TopicKey topic, int partition, params string[] values)
    {
        PublishOutcome[] outcomes = await harness.Publish(topic, [.. values.Select(value => Record(value, partition: partition))]);
        Assert.All(outcomes, outcome => Assert.Null(outcome.Error));
        return outcomes[0].Offset;
    }

    public static async Task<Fetched[]> Fetch(this BrokerHarness harness, TopicKey topic, int partition = 0, long offset = FetchRequest.Earliest, int bytesMax = 1 << 20, double wait = 0)
    {
        Result<FetchedRecords> fetched = await harness.Broker.Topics.FetchAsync(topic, partition, new FetchRequest(offset, bytesMax, TimeSpan.FromSeconds(wait)), default);
        Assert.True(fetched.IsOk, fetched.Error?.Detail);
        return Copy(fetched.Value);
    }

    public static async Task<ErrorCode?> FetchError(this BrokerHarness harness, TopicKey topic, int partition, long offset)
    {
        Result<FetchedRecords> fetched = await harness.Broker.Topics.FetchAsync(topic, partition, new FetchRequest(offset, 1_000), default);
        if (fetched.IsOk) fetched.Value.Dispose();
        return fetched.Error?.Code;
    }

    public static async Task<PartitionOffsets> Offsets(this BrokerHarness harness, TopicKey topic, int partition = 0)
    {
        Result<IReadOnlyList<PartitionDescription>> described = await harness.Broker.Topics.DescribePartitionsAsync(topic, default);
        Assert.True(described.IsOk, described.Error?.Detail);
        return described.Value[partition].Offsets;
    }

    /// <summary>The records, copied; the answer is disposed.</summary>
    public static Fetched[] Copy(FetchedRecords answer)
    {
        using FetchedRecords fetched = answer;
        var copies = new List<Fetched>();
        FetchedRecordReader reader = fetched.Read();
        while (reader.MoveNext())
        {
            copies.Add(new Fetched(
                reader.Offset,
                reader.KeyIsNull ? null : Encoding.UTF8.GetString(reader.Key),
                reader.ValueIsNull ? null : Encoding.UTF8.GetString(reader.Value),
                reader.TimestampMs));
        }

        Assert.Null(reader.Error);
        reader.Dispose();
        return [.. copies];
    }
}

/// <summary>A fetched record, copied.</summary>
internal sealed record Fetched(long Offset, string? Key, string? Value, long TimestampMs);
