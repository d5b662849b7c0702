using Messaging.Broker.Groups;
using Messaging.Broker.Names;
using Messaging.Broker.Records;
using Messaging.Broker.Tests.Groups;
using Messaging.Broker.Tests.Topics;
using Messaging.Broker.Topics;
using Messaging.Storage.Records;

namespace Messaging.Broker.Tests.Records;

/// <summary>Alone: the memory is the process's, and these tests take all of it.</summary>
[CollectionDefinition(nameof(DecompressedMemoryTests), DisableParallelization = true)]
public sealed class DecompressedMemoryCollection;

[Collection(nameof(DecompressedMemoryTests))]
public sealed class DecompressedMemoryTests
{
    private const int ValueBytes = 100_000;

    public static TheoryData<RecordCompression> Compressions => TestBatches.RealCompressions;

    [Theory]
    [MemberData(nameof(Compressions))]
    public void A_batch_for_which_there_is_no_memory_now_is_refused_and_read_later(RecordCompression compression)
    {
        byte[] batch = Batch(compression);
        using (new Taken())
        {
            using var refused = new BatchRecords(batch);
            Assert.False(refused.MoveNext());
            Assert.Equal(ErrorCode.Overloaded, refused.Refusal?.Code);
            Assert.Equal(ErrorCode.Overloaded, TestBatches.Validate(batch)?.Code);

            using var ownUse = new BatchRecords(batch, isForClient: false);
            Assert.True(ownUse.MoveNext());
        }

        for (int turn = 0; turn < 3; turn++)
        {
            using var read = new BatchRecords(batch);
            Assert.True(read.MoveNext());
            Assert.Null(read.Refusal);
        }

        Assert.Null(TestBatches.Validate(batch));
        Assert.True(DecompressedMemory.TryTake(DecompressedMemory.BytesMax), "all was given back");
        DecompressedMemory.Return(DecompressedMemory.BytesMax);
    }

    [Fact]
    public async Task Fetches_and_looks_for_a_time_say_that_there_is_no_memory_now()
    {
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        Result<PublishedBatch> published = await harness.Broker.Topics.PublishBatchAsync(topic, 0, Batch(RecordCompression.Gzip), default);
        Assert.True(published.IsOk, published.Error?.Detail);
        using (new Taken())
        {
            using FetchedRecords fetched = (await harness.Broker.Topics.FetchAsync(topic, 0, new FetchRequest { Offset = 0, BytesMax = 1 << 20, BytesMin = 1 }, default)).Value;
            FetchedRecordReader reader = fetched.Read();
            Assert.False(reader.MoveNext());
            Assert.Equal((ErrorCode.Overloaded, 0L), (reader.Error!.Code, reader.NextOffset));
            reader.Dispose();
            Assert.Equal(ErrorCode.Overloaded, (await harness.Broker.Topics.FindOffsetsAsync(topic, null, TestBatches.BaseTimestamp, default)).Error?.Code);
        }

        Assert.Equal(0, Assert.Single((await harness.Broker.Topics.FindOffsetsAsync(topic, null, TestBatches.BaseTimestamp, default)).Value).Offset);
    }

    [Fact]
    public async Task A_group_fetch_for_a_time_says_that_there_is_no_memory_now_and_gives_its_records_later()
    {
        GroupKey group = GroupCalls.Group();
        await using BrokerHarness harness = BrokerHarness.Start();
        TopicKey topic = await harness.CreateTopic();
        Assert.True((await harness.Broker.Topics.PublishBatchAsync(topic, 0, Batch(RecordCompression.Gzip), default)).IsOk);
        using (GroupRecords leased = GroupCalls.Good(await harness.Broker.Groups.FetchAsync(group, GroupCalls.Ask(topic), default)))
        {
            using (new Taken())
            {
                // There was memory when it was leased.
                FetchedRecordReader reader = leased.RecordsOf(0).Read();
                Assert.False(reader.MoveNext());
                leased.Reached(0, reader.NextOffset, reader.Error);
                reader.Dispose();
                Assert.Equal(ErrorCode.Overloaded, leased.Refusal?.Code);
                Assert.True((await harness.Broker.Groups.ReleaseAsync(group, leased.Token()!, default)).IsOk);
                Assert.Equal(ErrorCode.Overloaded, await harness.TakeError(group, GroupCalls.Ask(topic)));
            }

            leased.Reached(0, 1, error: null);
            Assert.Null(leased.Refusal);
        }

        Assert.Single((await harness.Take(group, topic)).Values);
    }

    private static byte[] Batch(RecordCompression compression) =>
        TestBatches.Build(compression, [new BatchRecord(TestBatches.BaseTimestamp, TestBatches.Body(null, new byte[ValueBytes]))]);

    // All but what the batch needs.
    private sealed class Taken : IDisposable
    {
        private static readonly long Bytes = DecompressedMemory.BytesMax - (ValueBytes / 2);

        public Taken() => Assert.True(DecompressedMemory.TryTake(Bytes));

        public void Dispose() => DecompressedMemory.Return(Bytes);
    }
}
