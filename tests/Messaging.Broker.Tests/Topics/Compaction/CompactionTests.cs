using System.Text;
using Messaging.Broker.Names;
using Messaging.Broker.Producers;
using Messaging.Broker.Records;
using Messaging.Broker.Tests.Producers;
using Messaging.Broker.Tests.Records;
using Messaging.Broker.Topics;
using Messaging.Broker.Topics.Compaction;
using Messaging.Storage;
using Messaging.Storage.Records;

namespace Messaging.Broker.Tests.Topics.Compaction;

/// <summary>Topics that keep the latest record of each key.</summary>
public sealed class CompactionTests
{
    private static readonly TopicDefinition Compacted = new() { Cleanup = TopicCleanup.Compact };

    [Fact]
    public async Task Of_each_key_the_latest_record_stays_with_its_offset_also_after_a_crash_and_a_stop()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic("t", Compacted);
        await Put(harness, topic, "a=1", "b=1", "a=2", "c=1");
        await Put(harness, topic, "b=2");
        await Put(harness, topic, "a=3", "head=1");

        await harness.Broker.CompactAsync(force: true);

        for (int life = 0; life < 3; life++)
        {
            // The last batch is the head: it supersedes only when it is not the last one any more.
            Assert.Equal(["2:a=2", "3:c=1", "4:b=2", "5:a=3", "6:head=1"], await All(harness, topic));
            Assert.Equal(new PartitionOffsets(0, 7, 7), await harness.Offsets(topic));
            if (life == 0) harness.Kill();
            else await harness.Restart();
        }

        await Put(harness, topic, "end=1");
        await harness.Broker.CompactAsync(force: true);
        Assert.Equal(["3:c=1", "4:b=2", "5:a=3", "6:head=1", "7:end=1"], await All(harness, topic));
    }

    [Fact]
    public async Task A_fetch_over_holes_makes_progress_and_raw_batches_have_only_what_lives()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic("t", Compacted);
        for (int i = 0; i < 50; i++) await Put(harness, topic, $"a={i}", $"k{i % 7}={i}");
        await harness.Broker.CompactAsync(force: true);
        string[] expected = await All(harness, topic);

        var found = new List<string>();
        long end = (await harness.Offsets(topic)).HighWatermark;
        for (long offset = 0, fetches = 0; offset < end; fetches++)
        {
            Assert.True(fetches < 200);
            using FetchedRecords fetched = (await harness.Broker.Topics.FetchAsync(topic, 0, new FetchRequest(offset, 1), default)).Value;
            Assert.True(fetched.NextOffset > offset);
            for (int i = 0; i < fetched.BatchCount; i++) found.AddRange(Records(fetched.BatchAt(i)));
            offset = fetched.NextOffset;
        }

        Assert.Equal(expected, found);
        Assert.InRange(expected.Length, 9, 10);
        for (long offset = 0; offset < end; offset++)
        {
            Assert.Equal(expected.Where(record => long.Parse(record.Split(':')[0]) >= offset), (await harness.Fetch(topic, 0, offset)).Select(Text));
        }
    }

    [Fact]
    public async Task What_is_younger_than_the_lag_is_not_touched()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic("t", Compacted with { MinCompactionLagSeconds = 60 });
        await Put(harness, topic, "a=1");
        await Put(harness, topic, "a=2");
        harness.Advance(50);
        await Put(harness, topic, "a=3");
        await Put(harness, topic, "b=1");
        await harness.Broker.CompactAsync(force: true);
        Assert.Equal(["0:a=1", "1:a=2", "2:a=3", "3:b=1"], await All(harness, topic));

        harness.Advance(11);
        await harness.Broker.CompactAsync(force: true);
        Assert.Equal(["1:a=2", "2:a=3", "3:b=1"], await All(harness, topic));

        harness.Advance(50);
        await harness.Broker.CompactAsync(force: true);
        Assert.Equal(["2:a=3", "3:b=1"], await All(harness, topic));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_tombstone_takes_its_key_away_and_goes_itself_when_it_has_had_its_time(bool kill)
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic("t", Compacted with { TombstoneSeconds = 320 });
        // Its time begins when compaction has come upon it, whatever time it carries.
        await harness.Publish(topic, TopicCalls.Record("1", "a"), TopicCalls.Record(null, "a", timestampMs: 1_000));
        await Put(harness, topic, "b=1");
        await Put(harness, topic, "c=1");
        await harness.Broker.CompactAsync(force: true);
        Assert.Equal(["1:a=", "2:b=1", "3:c=1"], await All(harness, topic));
        if (kill) harness.Kill();
        else await harness.Restart();

        harness.Advance(300);
        await harness.Broker.CompactAsync(force: true);
        Assert.Equal(["1:a=", "2:b=1", "3:c=1"], await All(harness, topic));

        harness.Advance(40);
        await harness.Broker.CompactAsync();
        Assert.Equal(["2:b=1", "3:c=1"], await All(harness, topic));
        if (kill) harness.Kill();
        else await harness.Restart();
        Assert.Equal(["2:b=1", "3:c=1"], await All(harness, topic));
        Assert.Equal(0, (await harness.Offsets(topic)).Low);
    }

    [Fact]
    public async Task Records_of_an_aborted_transaction_go_and_supersede_nothing()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic("t", Compacted with { TombstoneSeconds = 0 });
        await Put(harness, topic, "a=1", "b=1");
        ProducerIdentity producer = await harness.Init("pay");
        await harness.Begin(producer);
        await PutIn(harness, topic, producer, "a=aborted");
        producer = await harness.End(producer, isCommit: false);
        await harness.Begin(producer);
        await PutIn(harness, topic, producer, "b=2");
        await harness.End(producer, isCommit: true);
        await Put(harness, topic, "c=1");

        await harness.Broker.CompactAsync(force: true);
        Assert.Equal(["0:a=1", "4:b=2", "6:c=1"], await All(harness, topic));

        // The marker of the first transaction is the last that was left of it; the second one has a record yet.
        harness.Advance(2);
        await harness.Broker.CompactAsync(force: true);
        long[] left = await Offsets(harness, topic);
        Assert.Equal([0, 4, 5, 6], left);
        harness.Kill();
        Assert.Equal(["a=1", "b=2", "c=1"], (await All(harness, topic, Isolation.ReadCommitted)).Select(record => record.Split(':')[1]));
    }

    [Fact]
    public async Task Nothing_is_touched_from_the_first_open_transaction_on()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic("t", Compacted);
        await Put(harness, topic, "a=1");
        await Put(harness, topic, "a=2");
        ProducerIdentity producer = await harness.Init("pay");
        await harness.Begin(producer);
        await PutIn(harness, topic, producer, "a=open");
        await Put(harness, topic, "a=3");
        await Put(harness, topic, "a=4");

        await harness.Broker.CompactAsync(force: true);
        Assert.Equal(["1:a=2", "2:a=open", "3:a=3", "4:a=4"], await All(harness, topic));

        await harness.End(producer, isCommit: true);
        await Put(harness, topic, "b=1");
        await harness.Broker.CompactAsync(force: true);
        Assert.Equal(["4:a=4", "6:b=1"], await All(harness, topic));
    }

    [Theory]
    [MemberData(nameof(TestBatches.RealCompressions), MemberType = typeof(TestBatches))]
    public async Task A_compressed_batch_of_a_compacted_topic_is_taken_apart(RecordCompression compression)
    {
        if (RecordCodecs.WhyNot(compression) is not null) return;
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic("t", Compacted);
        await PutBatch(harness, topic, compression, "a=1", "b=1", "a=2");
        await Put(harness, topic, "c=1");

        await harness.Broker.CompactAsync(force: true);

        Assert.Equal(["1:b=1", "2:a=2", "3:c=1"], await All(harness, topic));
        Assert.Equal(["1:b=1", "2:a=2", "3:c=1"], await Raw(harness, topic));
    }

    [Fact]
    public async Task Of_batches_that_were_compressed_before_their_topic_was_compacted_only_what_lives_is_shown()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic("t");
        await PutBatch(harness, topic, RecordCompression.Gzip, "a=1", "b=1", "a=2");
        await PutBatch(harness, topic, RecordCompression.Gzip, "c=1", "c=2");
        await harness.Publish(topic, 0, "without a key");
        await harness.Broker.Topics.PutAsync(topic, Compacted, default, default);
        await Put(harness, topic, "c=3");
        await Put(harness, topic, "d=1");

        await harness.Broker.CompactAsync(force: true);

        for (int life = 0; life < 2; life++)
        {
            // What has no key can't be the latest of one: it goes, as in Kafka.
            Assert.Equal(["1:b=1", "2:a=2", "6:c=3", "7:d=1"], await All(harness, topic));
            Assert.Equal(["1:b=1", "2:a=2", "6:c=3", "7:d=1"], await Raw(harness, topic));
            harness.Kill();
        }
    }

    [Fact]
    public async Task More_keys_than_one_pass_remembers_take_several_passes()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic("t", Compacted);
        for (int round = 0; round < 3; round++)
        {
            for (int i = 0; i < 40; i++) await Put(harness, topic, $"k{i}={round}");
        }

        await Put(harness, topic, "head=1");
        using var compaction = new TopicCompaction(harness.Broker.TopicHost, keysMax: 10);

        await compaction.TurnAsync(long.MaxValue, force: true);

        string[] left = await All(harness, topic);
        Assert.Equal([.. Enumerable.Range(0, 40).Select(i => $"{80 + i}:k{i}=2"), "120:head=1"], left);
    }

    [Fact]
    public async Task It_waits_until_enough_is_new()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic("t", Compacted);
        for (int i = 0; i < 20; i++) await Put(harness, topic, $"k{i}={new string('v', 100)}");
        await harness.Broker.CompactAsync();
        await Put(harness, topic, "k0=new");
        await Put(harness, topic, "k1=new");
        await harness.Broker.CompactAsync();
        Assert.Equal(22, (await All(harness, topic)).Length);

        for (int i = 0; i < 20; i++) await Put(harness, topic, $"k{i}={new string('w', 100)}");
        await harness.Broker.CompactAsync();
        // All of the first twenty but the one whose later record is the head's.
        Assert.Equal(21, (await All(harness, topic)).Length);
    }

    [Fact]
    public async Task It_runs_by_itself()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic("t", Compacted);
        for (int i = 0; i < 20; i++) await Put(harness, topic, $"k={i}");

        for (int i = 0; i < 200 && (await All(harness, topic)).Length > 2; i++)
        {
            harness.Advance(1);
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, default);
        }

        Assert.Equal(["18:k=18", "19:k=19"], await All(harness, topic));
    }

    [Fact]
    public async Task A_topic_of_both_kinds_is_trimmed_and_compacted()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic("t", new TopicDefinition { Cleanup = TopicCleanup.Both, RetentionSeconds = 600 });
        await Put(harness, topic, "a=1");
        await Put(harness, topic, "b=1");
        await Put(harness, topic, "a=2");
        harness.Advance(500);
        await Put(harness, topic, "a=3");
        await Put(harness, topic, "c=1");
        await harness.Broker.CompactAsync(force: true);
        Assert.Equal(["1:b=1", "3:a=3", "4:c=1"], await All(harness, topic));
        Assert.Equal(0, (await harness.Offsets(topic)).Low);

        harness.Advance(101);
        await harness.Broker.TickAsync();

        for (int life = 0; life < 3; life++)
        {
            Assert.Equal(["3:a=3", "4:c=1"], await All(harness, topic));
            Assert.Equal(new PartitionOffsets(3, 5, 5), await harness.Offsets(topic));
            Assert.Equal(ErrorCode.OffsetOutOfRange, await harness.FetchError(topic, 0, 2));
            if (life == 0) harness.Kill();
            else await harness.Restart();
        }
    }

    [Fact]
    public async Task What_compaction_took_out_does_not_count_where_a_topic_is_kept_by_its_size()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic("t", new TopicDefinition { Cleanup = TopicCleanup.Both, RetentionBytes = 150_000 });
        string value = new('v', 10_000);
        await Put(harness, topic, $"old={value}");
        for (int i = 0; i < 30; i++) await Put(harness, topic, $"k={value}");
        await harness.Broker.CompactAsync(force: true);
        await harness.Broker.TickAsync();
        Assert.Equal(["0:old", "29:k", "30:k"], (await All(harness, topic)).Select(record => record.Split('=')[0]));

        for (int i = 0; i < 20; i++) await Put(harness, topic, $"new{i}={value}");
        await harness.Broker.TickAsync();
        Assert.InRange((await All(harness, topic)).Length, 13, 15);
    }

    // What was let go of, by passes before and by retention, stays in the journal for long: it does not keep the next pass from coming.
    [Theory]
    [InlineData(TopicCleanup.Compact, null)]
    [InlineData(TopicCleanup.Both, 300_000L)]
    public async Task A_pass_comes_when_half_of_what_lives_is_new_whatever_is_stored_beside(TopicCleanup cleanup, long? retentionBytes)
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic("t", new TopicDefinition { Cleanup = cleanup, RetentionBytes = retentionBytes });
        string value = new('v', 10_000);
        for (int round = 0; round < 10; round++)
        {
            for (int i = 0; i < 20; i++) await Put(harness, topic, $"k{i % 5}={value}");
            await harness.Broker.CompactAsync();
            await harness.Broker.TickAsync();
            Assert.InRange((await All(harness, topic)).Length, 5, 6);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stop_anywhere_leaves_the_latest_of_each_key(bool kill)
    {
        for (int steps = 0; steps < 12; steps++)
        {
            await using BrokerHarness harness = BrokerHarness.Start();
            TopicKey topic = await harness.CreateTopic("t", Compacted);
            string value = new('v', 100_000);
            for (int i = 0; i < 30; i++) await Put(harness, topic, $"k{i % 5}={value}", $"only{i}={i}");
            for (int step = 0; step < steps; step++) await harness.Broker.CompactAsync(bytes: 1, force: true);

            if (kill) harness.Kill();
            else await harness.Restart();

            string[] between = [.. (await All(harness, topic)).Select(record => record.Split('=')[0])];
            Assert.All(Expected(), record => Assert.Contains(record, between));
            await harness.Broker.CompactAsync(force: true);
            Assert.Equal(Expected(), (await All(harness, topic)).Select(record => record.Split('=')[0]));
        }

        // Of the five keys the latest, and all that came once. The head is the last call's batch: what it makes old, it does so only in the next pass.
        static IEnumerable<string> Expected() => Enumerable.Range(0, 60).Where(offset => offset % 2 == 1 || offset >= 48).Select(offset => offset % 2 == 1 ? $"{offset}:only{offset / 2}" : $"{offset}:k{offset / 2 % 5}");
    }

    [Fact]
    public async Task A_topic_may_go_in_the_middle_of_it_and_another_one_take_its_name()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic("t", Compacted);
        for (int i = 0; i < 10; i++) await Put(harness, topic, $"k={i}");
        var pass = new CompactionPass(harness.Broker.TopicHost, Partition(harness, topic), TopicLimits.CompactionKeysMax);
        await pass.StepAsync();
        await pass.StepAsync();
        Assert.True((await harness.Broker.Topics.DeleteAsync(topic, default, default)).IsOk);
        await harness.CreateTopic("t", Compacted);
        for (int i = 0; i < 10; i++) await Put(harness, topic, $"k={i}");

        for (int step = 0; step < 10 && !pass.IsOver; step++) await pass.StepAsync();

        Assert.True(pass.IsOver);
        Assert.Equal(10, (await All(harness, topic)).Length);
        harness.Kill();
        Assert.Equal(10, (await All(harness, topic)).Length);
    }

    [Fact]
    public async Task A_topic_that_is_not_compacted_any_more_is_left_alone()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic("t", Compacted);
        for (int i = 0; i < 10; i++) await Put(harness, topic, $"k={i}");
        var pass = new CompactionPass(harness.Broker.TopicHost, Partition(harness, topic), TopicLimits.CompactionKeysMax);
        await pass.StepAsync();
        await harness.Broker.Topics.PutAsync(topic, new TopicDefinition(), default, default);

        for (int step = 0; step < 10 && !pass.IsOver; step++) await pass.StepAsync();

        Assert.True(pass.IsOver);
        Assert.Equal(10, (await All(harness, topic)).Length);
    }

    [Fact]
    public async Task An_offset_by_time_is_not_that_of_a_record_that_was_taken_out()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic("t", Compacted);
        await harness.Publish(
            topic, TopicCalls.Record("1", "a", timestampMs: 1_000), TopicCalls.Record("2", "b", timestampMs: 2_000), TopicCalls.Record("3", "a", timestampMs: 3_000));
        await Put(harness, topic, "c=1");
        await harness.Broker.CompactAsync(force: true);

        Assert.Equal(new FoundOffset(0, 1, 2_000), Assert.Single((await harness.Broker.Topics.FindOffsetsAsync(topic, 0, 500, default)).Value));
    }

    [Fact]
    public async Task Space_is_given_back()
    {
        await using BrokerHarness harness = BrokerHarness.Start(BrokerHarness.SmallEngine() with { JournalSlotBytes = 512 << 10, PackBytesTarget = 256 << 10 });
        TopicKey topic = await harness.CreateTopic("t", Compacted);
        string value = new('v', 50_000);
        for (int i = 0; i < 100; i++) await Put(harness, topic, $"k{i % 4}={value}{i}");
        LogStream stream = Partition(harness, topic).Stream;
        long before = stream.StoredBytes;

        await harness.Broker.CompactAsync(force: true);

        // The journal's slots are emptied as others write.
        TopicKey other = await harness.CreateTopic("other");
        for (int i = 0; i < 500 && stream.StoredBytes > 400_000; i++)
        {
            await harness.Publish(other, 0, value);
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, default);
        }

        Assert.InRange(before, 5_000_000, 6_000_000);
        Assert.InRange(stream.StoredBytes, 200_000, 400_000);
        Assert.Equal(5, (await harness.Fetch(topic, bytesMax: 16 << 20)).Length);
    }

    internal static async Task Put(BrokerHarness harness, TopicKey topic, params string[] records)
    {
        PublishOutcome[] outcomes = await harness.Publish(topic, [.. records.Select(Outgoing)]);
        Assert.All(outcomes, outcome => Assert.Null(outcome.Error));
    }

    internal static async Task PutIn(BrokerHarness harness, TopicKey topic, ProducerIdentity producer, params string[] records)
    {
        Result<PublishOutcome[]> published = await harness.Broker.Topics.PublishAsync(
            topic, records.Select(Outgoing).ToArray(), new ProducerClaim(producer.Id, producer.Epoch, IsTransactional: true), default);
        Assert.True(published.IsOk, published.Error?.Detail);
    }

    internal static async Task PutBatch(BrokerHarness harness, TopicKey topic, RecordCompression compression, params string[] records)
    {
        BatchRecord[] bodies = [.. records.Select(Split).Select(record => new BatchRecord(1_000, TestBatches.Body(Encoding.UTF8.GetBytes(record.Key), record.Value is { } value ? Encoding.UTF8.GetBytes(value) : null)))];
        using var batch = new PooledBytes(1 << 20);
        BatchBuilder.Write(bodies, new BatchProducer(-1, -1, -1, IsTransactional: false), batch);
        using var compressed = new PooledBytes(1 << 20);
        BatchCompression.Compress(batch.Span, compression, compressed);
        Result<PublishedBatch> published = await harness.Broker.Topics.PublishBatchAsync(topic, 0, compressed.Memory, default);
        Assert.True(published.IsOk, published.Error?.Detail);
    }

    /// <summary>All that a fetch shows: "offset:key=value", where a tombstone has no value.</summary>
    internal static async Task<string[]> All(BrokerHarness harness, TopicKey topic, Isolation isolation = Isolation.ReadUncommitted)
    {
        var request = new FetchRequest(FetchRequest.Earliest, TopicLimits.FetchBytesMax) { Isolation = isolation };
        Result<FetchedRecords> fetched = await harness.Broker.Topics.FetchAsync(topic, 0, request, default);
        Assert.True(fetched.IsOk, fetched.Error?.Detail);
        return [.. TopicCalls.Copy(fetched.Value).Select(Text)];
    }

    private static async Task<string[]> Raw(BrokerHarness harness, TopicKey topic)
    {
        using FetchedRecords fetched = (await harness.Broker.Topics.FetchAsync(topic, 0, new FetchRequest(FetchRequest.Earliest, 1 << 20), default)).Value;
        return [.. Enumerable.Range(0, fetched.BatchCount).SelectMany(i => Records(fetched.BatchAt(i)))];
    }

    // Of all batches, markers too.
    private static async Task<long[]> Offsets(BrokerHarness harness, TopicKey topic)
    {
        using FetchedRecords fetched = (await harness.Broker.Topics.FetchAsync(topic, 0, new FetchRequest(FetchRequest.Earliest, 1 << 20), default)).Value;
        return [.. Enumerable.Range(0, fetched.BatchCount).SelectMany(i => Records(fetched.BatchAt(i))).Select(record => long.Parse(record.Split(':')[0]))];
    }

    // Every batch that goes out is sound by itself.
    private static List<string> Records(ReadOnlyMemory<byte> batch)
    {
        Assert.True(RecordBatch.CrcIsValid(batch.Span));
        var found = new List<string>();
        var records = new BatchRecords(batch);
        while (records.MoveNext()) found.Add($"{records.Offset}:{Encoding.UTF8.GetString(records.Key)}={Encoding.UTF8.GetString(records.Value)}");
        Assert.False(records.Malformed);
        records.Dispose();
        return found;
    }

    private static LivePartition Partition(BrokerHarness harness, TopicKey topic)
    {
        Assert.Null(harness.Broker.TopicHost.Find(topic, 0, out LivePartition partition));
        return partition;
    }

    private static string Text(Fetched record) => $"{record.Offset}:{record.Key}={record.Value}";

    private static OutgoingRecord Outgoing(string text)
    {
        (string key, string? value) = Split(text);
        return TopicCalls.Record(value, key);
    }

    // Nothing behind the sign is a tombstone.
    private static (string Key, string? Value) Split(string text)
    {
        string[] parts = text.Split('=');
        return (parts[0], parts[1].Length == 0 ? null : parts[1]);
    }
}
