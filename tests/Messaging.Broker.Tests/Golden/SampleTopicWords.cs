using System.Security.Cryptography;
using System.Text;
using Messaging.Broker.Names;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Topics;
using Messaging.Storage.Records;

namespace Messaging.Broker.Tests.Golden;

/// <summary>What a sample says of topics: definitions, the ends of each partition, and what a consumer reads, under both isolations.</summary>
internal static class SampleTopicWords
{
    private const int BytesMax = 1 << 20;
    private const int ShownBytesMax = 100;

    public static void Topics(SampleBroker broker, NamespaceName space, StringBuilder text)
    {
        foreach (TopicDescription topic in broker.Synced(broker.Broker.Topics.ListAsync(AccountId.Default, space, null, 1_000, null, default)).Value.Topics)
        {
            TopicDefinition definition = topic.Definition;
            Line(text, $"topic {topic.Key} {topic.Id} version {topic.Version}, {topic.CreatedAt:O}, {topic.ModifiedAt:O}");
            Line(text, $"  {definition.Type}, {definition.Partitions} partitions, retention {definition.RetentionSeconds} s, {definition.RetentionBytes} bytes, {definition.Cleanup}, lag {definition.MinCompactionLagSeconds}, tombstones {definition.TombstoneSeconds}, up to {definition.MaxMessageBytes}, times of {definition.Timestamps}");
            foreach ((string key, string value) in definition.Tags.OrderBy(tag => tag.Key, StringComparer.Ordinal)) Line(text, $"  tag \"{key}\" = \"{value}\"");
            foreach ((string key, string value) in definition.Annotations.OrderBy(annotation => annotation.Key, StringComparer.Ordinal)) Line(text, $"  annotation \"{key}\" = \"{value}\"");
            foreach (PartitionDescription partition in broker.Synced(broker.Broker.Topics.DescribePartitionsAsync(topic.Key, default)).Value) Partition(broker, topic.Key, partition, text);
            foreach (SubscriptionDescription subscription in broker.Synced(broker.Broker.Subscriptions.ListAsync(topic.Key, null, 1_000, null, default)).Value.Subscriptions) Subscription(broker, subscription, text);
        }
    }

    private static void Subscription(SampleBroker broker, SubscriptionDescription subscription, StringBuilder text)
    {
        long waiting = broker.Synced(broker.Broker.Deliveries.ReportAsync(subscription.Key, default)).Value.Waiting;
        SubscriptionDefinition definition = subscription.Definition;
        Line(text, $"  subscription {subscription.Key.Name} version {subscription.Version}, {subscription.CreatedAt:O}, {subscription.ModifiedAt:O}{(subscription.Paused ? ", paused" : "")}, waiting {waiting}, replay {subscription.Replay}");
        Line(text, $"    to {definition.Target}, raw {definition.Raw}, {definition.Filter}, dead letters to {definition.DeadLetter}, {definition.StartAt}");
        foreach ((string key, string value) in definition.Tags.OrderBy(tag => tag.Key, StringComparer.Ordinal)) Line(text, $"    tag \"{key}\" = \"{value}\"");
        foreach ((string key, string value) in definition.Annotations.OrderBy(annotation => annotation.Key, StringComparer.Ordinal)) Line(text, $"    annotation \"{key}\" = \"{value}\"");
    }

    private static void Partition(SampleBroker broker, TopicKey topic, PartitionDescription partition, StringBuilder text)
    {
        Line(text, $"  partition {partition.Number}: {partition.Offsets}");
        FoundOffset found = Assert.Single(broker.Synced(broker.Broker.Topics.FindOffsetsAsync(topic, partition.Number, SampleQueues.Written.AddSeconds(10).ToUnixTimeMilliseconds(), default)).Value);
        Line(text, $"    from ten seconds on: {found.Offset} {found.TimestampMs}");
        long[] committed = Offsets(broker, topic, partition, Isolation.ReadCommitted);
        if (!committed.SequenceEqual(Offsets(broker, topic, partition, Isolation.ReadUncommitted))) Line(text, $"    committed: {string.Join(' ', committed)}");
        Read(broker, topic, partition, Isolation.ReadUncommitted, fetched =>
        {
            Batches(fetched, text);
            Records(fetched, text);
        });
    }

    // Those of records as they came share a batch with their neighbours in a pack, or not; others are kept whole.
    private static void Batches(FetchedRecords fetched, StringBuilder text)
    {
        for (int i = 0; i < fetched.BatchCount; i++)
        {
            Assert.True(RecordBatch.TryReadHeader(fetched.BatchAt(i).Span, out RecordBatchHeader header));
            if (header.ProducerId < 0 && header.Compression == RecordCompression.None) continue;
            Line(text, $"    batch {header.BaseOffset} to {header.LastOffset}, {header.Compression}, producer {header.ProducerId}.{header.ProducerEpoch} from {header.BaseSequence}{(header.IsTransactional ? ", in a transaction" : "")}{(header.IsControl ? ", its end" : "")}, {header.BaseTimestamp} to {header.MaxTimestamp}");
        }
    }

    private static void Records(FetchedRecords fetched, StringBuilder text)
    {
        using FetchedRecordReader reader = fetched.Read();
        while (reader.MoveNext())
        {
            Line(text, $"    {reader.Offset} at {reader.TimestampMs}: {(reader.KeyIsNull ? "no key" : $"key \"{Encoding.UTF8.GetString(reader.Key)}\"")}, {(reader.ValueIsNull ? "a tombstone" : $"value {Shown(reader.Value)}")} {Encoding.UTF8.GetString(reader.ContentType)}".TrimEnd());
            FetchedHeaderEnumerator headers = reader.Headers;
            while (headers.MoveNext()) Line(text, $"      {Encoding.UTF8.GetString(headers.Name)} = {(headers.ValueIsNull ? "null" : Convert.ToHexString(headers.Value))}");
        }

        Assert.Null(reader.Error);
    }

    private static string Shown(ReadOnlySpan<byte> value) =>
        value.Length <= ShownBytesMax ? Convert.ToHexString(value) : $"of {value.Length} bytes, {Convert.ToHexString(SHA256.HashData(value))}";

    private static long[] Offsets(SampleBroker broker, TopicKey topic, PartitionDescription partition, Isolation isolation)
    {
        var offsets = new List<long>();
        Read(broker, topic, partition, isolation, fetched =>
        {
            using FetchedRecordReader reader = fetched.Read();
            while (reader.MoveNext()) offsets.Add(reader.Offset);
        });
        return [.. offsets];
    }

    private static void Read(SampleBroker broker, TopicKey topic, PartitionDescription partition, Isolation isolation, Action<FetchedRecords> read)
    {
        long end = isolation == Isolation.ReadCommitted ? partition.Offsets.LastStable : partition.Offsets.HighWatermark;
        for (long next = partition.Offsets.Low; next < end;)
        {
            using FetchedRecords fetched = broker.Synced(broker.Broker.Topics.FetchAsync(topic, partition.Number, new FetchRequest(next, BytesMax) { Isolation = isolation }, default)).Value;
            read(fetched);
            Assert.True(fetched.NextOffset > next);
            next = fetched.NextOffset;
        }
    }

    private static void Line(StringBuilder text, string line) => SampleQueues.Line(text, line);
}
