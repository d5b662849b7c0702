using System.Text;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Topics;

namespace Messaging.Broker.Tests.Topics;

public sealed class PublishAndFetchTests
{
    [Fact]
    public async Task Records_are_read_again_and_again_from_any_offset()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        await harness.Publish(topic, 0, "a", "b");
        await harness.Publish(topic, 0, "c");

        for (int pass = 0; pass < 2; pass++)
        {
            Assert.Equal([(0L, "a"), (1L, "b"), (2L, "c")], (await harness.Fetch(topic)).Select(record => (record.Offset, record.Value!)));
            Assert.Equal(["c"], (await harness.Fetch(topic, offset: 2)).Select(record => record.Value));
            Assert.Empty(await harness.Fetch(topic, offset: 3));
            Assert.Empty(await harness.Fetch(topic, offset: FetchRequest.Latest));
            harness.Kill();
        }
    }

    [Fact]
    public async Task An_offset_inside_a_batch_answers_from_that_offset_on()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        await harness.Publish(topic, 0, "a", "b", "c");

        Assert.Equal(["b", "c"], (await harness.Fetch(topic, offset: 1)).Select(record => record.Value));
    }

    [Fact]
    public async Task Records_of_a_key_go_to_one_partition_and_stay_in_order()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic("t", new TopicDefinition { Partitions = 5 });
        OutgoingRecord[] records = [.. Enumerable.Range(0, 100).Select(i => TopicCalls.Record($"{i}", key: $"key-{i % 7}"))];
        PublishOutcome[] outcomes = await harness.Publish(topic, records);

        for (int key = 0; key < 7; key++)
        {
            int partition = KeyPartitioner.Of(Encoding.UTF8.GetBytes($"key-{key}"), 5);
            Assert.All(outcomes.Where((_, i) => i % 7 == key), outcome => Assert.Equal(partition, outcome.Partition));
            Fetched[] fetched = [.. (await harness.Fetch(topic, partition)).Where(record => record.Key == $"key-{key}")];
            Assert.Equal(Enumerable.Range(0, 100).Where(i => i % 7 == key).Select(i => $"{i}"), fetched.Select(record => record.Value));
        }
    }

    [Fact]
    public async Task Records_without_a_key_of_one_call_stay_together()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic("t", new TopicDefinition { Partitions = 4 });

        PublishOutcome[] outcomes = await harness.Publish(topic, [.. Enumerable.Range(0, 50).Select(i => TopicCalls.Record($"{i}"))]);

        Assert.Single(outcomes.Select(outcome => outcome.Partition).Distinct());
    }

    [Fact]
    public async Task A_null_value_a_null_key_and_empty_ones_are_told_apart()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        await harness.Publish(topic, TopicCalls.Record(null, "k"), TopicCalls.Record("", ""), TopicCalls.Record("v"));

        Fetched[] fetched = await harness.Fetch(topic);

        Assert.Equal([("k", null), ("", ""), (null, "v")], fetched.Select(record => (record.Key, record.Value)));
    }

    [Fact]
    public async Task A_producers_time_is_kept_even_where_it_goes_back()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        await harness.Publish(topic, TopicCalls.Record("a", timestampMs: 5_000), TopicCalls.Record("b", timestampMs: 1_000));

        Assert.Equal([5_000, 1_000], (await harness.Fetch(topic)).Select(record => record.TimestampMs));
    }

    [Fact]
    public async Task A_topic_of_append_times_gives_its_own()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic("t", new TopicDefinition { Timestamps = TopicTimestamps.Append });
        long now = harness.NowMs;
        await harness.Publish(topic, TopicCalls.Record("a", timestampMs: 5_000));

        Assert.Equal(now, Assert.Single(await harness.Fetch(topic)).TimestampMs);
    }

    [Fact]
    public async Task One_bad_record_never_fails_the_others()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic("t", new TopicDefinition { MaxMessageBytes = 1_024 });

        PublishOutcome[] outcomes = await harness.Publish(
            topic, TopicCalls.Record("good"), TopicCalls.Record(new string('x', 1_025)), TopicCalls.Record("nowhere", partition: 1), TopicCalls.Record("late", timestampMs: -1));

        Assert.Equal([null, ErrorCode.MessageTooLarge, ErrorCode.PartitionNotFound, ErrorCode.InvalidValue], outcomes.Select(outcome => outcome.Error?.Code));
        Assert.Equal(["records[1]", "records[2].partition", "records[3].timestamp"], outcomes.Skip(1).Select(outcome => outcome.Error!.Field));
        Assert.Equal(["good"], (await harness.Fetch(topic)).Select(record => record.Value));
    }

    [Fact]
    public async Task Headers_of_the_broker_are_refused_and_others_kept_in_their_order()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        RecordHeader[] headers = [new("b", "1"u8.ToArray()), new("a", null), new("b", "2"u8.ToArray())];
        PublishOutcome[] outcomes = await harness.Publish(
            topic, new OutgoingRecord { Value = "v"u8.ToArray(), Headers = headers, ContentType = "text/plain" }, new OutgoingRecord { Headers = [new RecordHeader("_m.ct", null)] });

        Assert.Equal("records[1].headers", outcomes[1].Error!.Field);
        using FetchedRecords fetched = (await harness.Broker.Topics.FetchAsync(topic, 0, new FetchRequest(0, 1_000), default)).Value;
        Assert.Equal(("text/plain", 1), (ContentType(fetched), fetched.BatchCount));
        Assert.Equal([("b", "1"), ("a", null), ("b", "2")], Headers(fetched));
    }

    [Fact]
    public async Task An_offset_out_of_range_is_refused_and_the_range_told()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        await harness.Publish(topic, 0, "a", "b", "c");
        await harness.Broker.Topics.DeleteRecordsAsync(topic, 0, 1, default);

        Result<FetchedRecords> below = await harness.Broker.Topics.FetchAsync(topic, 0, new FetchRequest(0, 1_000), default);

        Assert.Equal(ErrorCode.OffsetOutOfRange, below.Error!.Code);
        Assert.Contains("1 to 3", below.Error.Detail, StringComparison.Ordinal);
        Assert.Equal(ErrorCode.OffsetOutOfRange, await harness.FetchError(topic, 0, 4));
        Assert.Equal(ErrorCode.PartitionNotFound, await harness.FetchError(topic, 1, 0));
        Assert.Equal(ErrorCode.TopicNotFound, await harness.FetchError(TopicCalls.Topic("none"), 0, 0));
    }

    [Fact]
    public async Task Deleted_records_stay_deleted()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        await harness.Publish(topic, 0, "a", "b", "c");
        Assert.Equal(new PartitionOffsets(2, 3, 3), (await harness.Broker.Topics.DeleteRecordsAsync(topic, 0, 2, default)).Value);
        Assert.Equal(ErrorCode.OffsetOutOfRange, (await harness.Broker.Topics.DeleteRecordsAsync(topic, 0, 4, default)).Error!.Code);

        harness.Kill();
        Assert.Equal(["c"], (await harness.Fetch(topic)).Select(record => record.Value));
        Assert.Equal(new PartitionOffsets(3, 3, 3), (await harness.Broker.Topics.DeleteRecordsAsync(topic, 0, FetchRequest.Latest, default)).Value);
        await harness.Restart();
        Assert.Equal(new PartitionOffsets(3, 3, 3), await harness.Offsets(topic));
        Assert.Equal(3, await harness.Publish(topic, 0, "d"));
    }

    [Fact]
    public async Task A_page_makes_progress_however_large_its_record()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        await harness.Publish(topic, 0, new string('x', 100_000));
        await harness.Publish(topic, 0, "y");

        Fetched large = Assert.Single(await harness.Fetch(topic, bytesMax: 10));

        Assert.Equal(100_000, large.Value!.Length);
        Assert.Equal("y", Assert.Single(await harness.Fetch(topic, offset: 1, bytesMax: 10)).Value);
    }

    [Fact]
    public async Task A_fetch_waits_for_a_record_and_gets_it()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        Task<Fetched[]> waiting = harness.Fetch(topic, offset: FetchRequest.Latest, wait: 20);
        Assert.False(waiting.IsCompleted);

        await harness.Publish(topic, 0, "here");

        Assert.Equal("here", Assert.Single(await waiting).Value);
    }

    [Fact]
    public async Task A_fetch_that_waits_in_vain_answers_nothing()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        Task<Fetched[]> waiting = harness.Fetch(topic, wait: 5);
        harness.Advance(4.9);
        Assert.False(waiting.IsCompleted);

        harness.Advance(0.2);

        Assert.Empty(await waiting);
    }

    [Fact]
    public async Task A_fetch_waits_for_as_many_bytes_as_it_asks_for()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        var request = new FetchRequest(0, 1 << 20, TimeSpan.FromSeconds(20), BytesMin: 3_000);
        Task<Result<FetchedRecords>> waiting = harness.Broker.Topics.FetchAsync(topic, 0, request, default).AsTask();
        await harness.Publish(topic, 0, new string('x', 1_500));
        Assert.False(waiting.IsCompleted);

        await harness.Publish(topic, 0, new string('y', 1_500));

        Assert.Equal(2, TopicCalls.Copy((await waiting).Value).Length);
    }

    [Fact]
    public async Task A_waiting_fetch_ends_with_its_topic_its_caller_and_the_broker()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        TopicKey other = await harness.CreateTopic("other");
        var request = new FetchRequest(0, 1_000, TimeSpan.FromSeconds(20));
        using var leaving = new CancellationTokenSource();
        Task<Result<FetchedRecords>> ofTopic = harness.Broker.Topics.FetchAsync(topic, 0, request, default).AsTask();
        Task<Result<FetchedRecords>> ofCaller = harness.Broker.Topics.FetchAsync(other, 0, request, leaving.Token).AsTask();
        Task<Result<FetchedRecords>> ofBroker = harness.Broker.Topics.FetchAsync(other, 0, request, default).AsTask();

        await harness.Broker.Topics.DeleteAsync(topic, default, default);
        Assert.Equal(ErrorCode.TopicNotFound, (await ofTopic).Error!.Code);
        await leaving.CancelAsync();
        Assert.Empty(TopicCalls.Copy((await ofCaller).Value));
        harness.Broker.BeginStop();
        Assert.Empty(TopicCalls.Copy((await ofBroker).Value));
    }

    [Fact]
    public async Task The_same_request_under_an_idempotency_key_is_published_once()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic("t", new TopicDefinition { Partitions = 3 });
        Assert.True(IdempotencyKey.TryParse("once", out IdempotencyKey key));
        OutgoingRecord[] records = [TopicCalls.Record("a", partition: 2), TopicCalls.Record("bad", partition: 9), TopicCalls.Record("b", partition: 2)];
        PublishOutcome[] first = (await harness.Broker.Topics.PublishAsync(topic, records, new IdempotentRequest(key, Asked(1)), default)).Value;

        harness.Kill();
        PublishOutcome[] again = (await harness.Broker.Topics.PublishAsync(topic, records, new IdempotentRequest(key, Asked(1)), default)).Value;
        await harness.Restart();
        PublishOutcome[] third = (await harness.Broker.Topics.PublishAsync(topic, records, new IdempotentRequest(key, Asked(1)), default)).Value;

        Assert.Equal(first, again);
        Assert.Equal(first, third);
        Assert.Equal(2, (await harness.Fetch(topic, 2)).Length);
        Assert.Equal(ErrorCode.IdempotencyKeyReused, (await harness.Broker.Topics.PublishAsync(topic, records, new IdempotentRequest(key, Asked(2)), default)).Error!.Code);
    }

    private static string ContentType(FetchedRecords fetched)
    {
        FetchedRecordReader reader = fetched.Read();
        Assert.True(reader.MoveNext());
        return Encoding.UTF8.GetString(reader.ContentType);
    }

    private static List<(string, string?)> Headers(FetchedRecords fetched)
    {
        FetchedRecordReader reader = fetched.Read();
        Assert.True(reader.MoveNext());
        var read = new List<(string, string?)>();
        FetchedHeaderEnumerator headers = reader.Headers;
        while (headers.MoveNext()) read.Add((Encoding.UTF8.GetString(headers.Name), headers.ValueIsNull ? null : Encoding.UTF8.GetString(headers.Value)));
        return read;
    }

    private static byte[] Asked(byte what) => [.. Enumerable.Repeat(what, 32)];
}
