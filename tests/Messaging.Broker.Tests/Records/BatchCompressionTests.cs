using Messaging.Broker.Records;
using Messaging.Storage.Records;

namespace Messaging.Broker.Tests.Records;

public sealed class BatchCompressionTests
{
    public static TheoryData<RecordCompression> Compressions => TestBatches.AllCompressions;

    [Theory]
    [MemberData(nameof(Compressions))]
    public void A_batch_is_the_same_again_after_it_was_compressed(RecordCompression compression)
    {
        var random = new Random(1);
        var producer = new BatchProducer(7, 3, 11, IsTransactional: true);
        for (int turn = 0; turn < 100; turn++)
        {
            BatchRecord[] records = TestBatches.Random(random, 30, 1_000);
            byte[] plain = TestBatches.Build(RecordCompression.None, records, producer);
            byte[] compressed = TestBatches.Build(compression, records, producer);
            Assert.True(RecordBatch.CrcIsValid(compressed));
            Assert.True(BatchCompression.TryUncompress(compressed, out PooledBytes? uncompressed));
            Assert.Equal(plain, uncompressed.Span.ToArray());
            uncompressed.Dispose();
        }
    }

    [Fact]
    public void The_golden_batch_comes_back_byte_for_byte()
    {
        using var output = new PooledBytes(1_000);
        BatchCompression.Compress(TestBatches.Golden, RecordCompression.Zstandard, output);
        Assert.True(BatchCompression.TryUncompress(output.Span, out PooledBytes? uncompressed));
        Assert.Equal(TestBatches.Golden, uncompressed.Span.ToArray());
        uncompressed.Dispose();
    }

    [Theory]
    [MemberData(nameof(Compressions))]
    public void What_can_not_be_read_has_no_uncompressed_form(RecordCompression compression)
    {
        if (compression == RecordCompression.None) return;
        byte[] batch = TestBatches.Golden;
        batch[22] = (byte)compression;
        Assert.False(BatchCompression.TryUncompress(batch, out PooledBytes? uncompressed));
        Assert.Null(uncompressed);
        batch[22] = 5;
        Assert.False(BatchCompression.TryUncompress(batch, out _));
        Assert.False(BatchCompression.TryUncompress(batch.AsSpan(0, 60), out _));
    }
}
