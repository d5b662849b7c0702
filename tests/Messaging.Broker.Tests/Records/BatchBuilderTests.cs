using Messaging.Broker.Records;
using Messaging.Storage.Records;

namespace Messaging.Broker.Tests.Records;

public sealed class BatchBuilderTests
{
    private static readonly BatchRecord[] GoldenRecords =
    [
        new(TestBatches.BaseTimestamp, TestBatches.Body("k"u8.ToArray(), "hello"u8.ToArray(), ("h1", [1]))),
        new(TestBatches.BaseTimestamp + 5, TestBatches.Body(null, [])),
        new(TestBatches.BaseTimestamp + 7, TestBatches.Body("k"u8.ToArray(), null)),
    ];

    [Fact]
    public void The_golden_batch_is_built_byte_for_byte()
    {
        using var output = new PooledBytes(94);
        BatchBuilder.Write(GoldenRecords, BatchProducer.None, output);
        Assert.Equal(Convert.ToHexString(TestBatches.Golden), Convert.ToHexString(output.Span));
        Assert.Equal(94, BatchBuilder.Measure(GoldenRecords));
    }

    [Fact]
    public void A_producer_stands_in_the_header()
    {
        using var output = new PooledBytes(1_000);
        BatchBuilder.Write(GoldenRecords, new BatchProducer(1L << 40, 3, 2_000_000_000, IsTransactional: true), output);
        Assert.Null(BatchValidator.Validate(output.Span, TestBatches.Rules, out RecordBatchHeader header));
        Assert.Equal((1L << 40, (short)3, 2_000_000_000, true), (header.ProducerId, header.ProducerEpoch, header.BaseSequence, header.IsTransactional));
    }

    [Fact]
    public void Random_batches_are_as_long_as_measured_and_two_stand_behind_one_another()
    {
        var random = new Random(1);
        using var output = new PooledBytes(int.MaxValue);
        for (int turn = 0; turn < 300; turn++)
        {
            BatchRecord[] records = TestBatches.Random(random, 200, 50);
            output.Clear();
            BatchBuilder.Write(records, BatchProducer.None, output);
            int first = output.Length;
            BatchBuilder.Write(records, BatchProducer.None, output);

            Assert.Equal((BatchBuilder.Measure(records), 2 * first), (first, output.Length));
            Assert.True(output.Span[first..].SequenceEqual(output.Span[..first]));
            Assert.Null(BatchValidator.Validate(output.Span[..first], TestBatches.Rules, out RecordBatchHeader header));
            Assert.Equal(records.Max(record => record.TimestampMs), header.MaxTimestamp);
        }
    }

    [Fact]
    public void Building_allocates_nothing_once_the_memory_is_there()
    {
        using var output = new PooledBytes(1_000);
        BatchBuilder.Write(GoldenRecords, BatchProducer.None, output);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int turn = 0; turn < 100; turn++)
        {
            output.Clear();
            BatchBuilder.Write(GoldenRecords, BatchProducer.None, output);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
