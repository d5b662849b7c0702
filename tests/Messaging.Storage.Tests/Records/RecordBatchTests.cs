using Messaging.Storage.Records;

namespace Messaging.Storage.Tests.Records;

public sealed class RecordBatchTests
{
    [Fact]
    public void The_golden_header_is_read()
    {
        var batch = GoldenBatch.Bytes;
        Assert.True(RecordBatch.TryReadHeader(batch, out var header));
        Assert.Equal(new RecordBatchHeader(0, 94, 2, GoldenBatch.BaseTimestamp, GoldenBatch.BaseTimestamp + 7, 3, 0, -1, -1, -1), header);
        Assert.Equal(RecordCompression.None, header.Compression);
        Assert.False(header.IsControl || header.IsTransactional || header.HasAppendTime);
        Assert.True(RecordBatch.CrcIsValid(batch));
    }

    [Fact]
    public void The_golden_batch_is_written_byte_for_byte()
    {
        var batch = new byte[94];
        var at = RecordBatch.HeaderBytes;
        at += RecordPrefix.WriteRecord(batch.AsSpan(at), 0, 0, RecordBodyTests.Body("k", "hello", ("h1", "\u0001")));
        at += RecordPrefix.WriteRecord(batch.AsSpan(at), 1, 5, RecordBodyTests.Body(null, ""));
        at += RecordPrefix.WriteRecord(batch.AsSpan(at), 2, 7, RecordBodyTests.Body("k", null));
        RecordBatch.WriteHeader(batch, 0, 2, GoldenBatch.BaseTimestamp, GoldenBatch.BaseTimestamp + 7, 3);

        Assert.Equal(94, at);
        Assert.Equal(Convert.ToHexString(GoldenBatch.Bytes), Convert.ToHexString(batch));
    }

    [Fact]
    public void Assigning_a_place_leaves_the_checksum_valid()
    {
        var batch = GoldenBatch.Bytes;
        RecordBatch.AssignPlace(batch, 1000, leaderEpoch: 7);
        Assert.True(RecordBatch.CrcIsValid(batch));
        Assert.True(RecordBatch.TryReadHeader(batch, out var header));
        Assert.Equal((1000, 1002, 7), (header.BaseOffset, header.LastOffset, header.LeaderEpoch));
    }

    [Fact]
    public void Any_flipped_bit_from_byte_17_on_breaks_the_checksum()
    {
        for (var bit = 17 * 8; bit < 94 * 8; bit++)
        {
            var batch = GoldenBatch.Bytes;
            batch[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(RecordBatch.CrcIsValid(batch));
        }
    }

    [Fact]
    public void One_record_of_100_bytes_without_key_and_headers_costs_70_bytes_beside_it()
        => Assert.Equal(170, RecordBatch.MeasureSingle(RecordBody.Measure(RecordBody.NullLength, 100)));

    [Fact]
    public void All_fields_of_a_header_come_back()
    {
        var random = new Random(1);
        for (var turn = 0; turn < 1000; turn++)
        {
            var batch = new byte[RecordBatch.HeaderBytes + random.Next(100)];
            var delta = random.Next(1000);
            var written = new RecordBatchHeader(
                random.NextInt64(1L << 62),
                batch.Length,
                delta,
                random.NextInt64(),
                random.NextInt64(),
                random.Next(delta + 2),
                (short)random.Next(short.MinValue, short.MaxValue),
                random.NextInt64(),
                (short)random.Next(),
                random.Next(),
                random.Next());
            RecordBatch.WriteHeader(
                batch,
                written.BaseOffset,
                delta,
                written.BaseTimestamp,
                written.MaxTimestamp,
                written.Count,
                written.Attributes,
                written.ProducerId,
                written.ProducerEpoch,
                written.BaseSequence,
                written.LeaderEpoch);
            Assert.True(RecordBatch.TryReadHeader(batch, out var read));
            Assert.Equal(written, read);
            Assert.True(RecordBatch.CrcIsValid(batch));
        }
    }

    [Fact]
    public void A_header_that_cannot_be_true_is_refused()
    {
        Refuses(0, 0x80); // a negative base offset
        Refuses(8, 0x80); // a negative length
        Refuses(8, 0x7F); // longer than what is there
        Refuses(16, 1); // an older format
        Refuses(23, 0x80); // a negative offset delta
        Refuses(57, 0x80); // a negative count
        Refuses(60, 4); // more records than offsets

        for (var length = 0; length < 94; length++)
        {
            Assert.False(RecordBatch.TryReadHeader(GoldenBatch.Bytes.AsSpan(0, length), out _));
            Assert.False(RecordBatch.CrcIsValid(GoldenBatch.Bytes.AsSpan(0, length)));
        }

        static void Refuses(int at, byte value)
        {
            var batch = GoldenBatch.Bytes;
            batch[at] = value;
            Assert.False(RecordBatch.TryReadHeader(batch, out _));
        }
    }

    [Fact]
    public void The_start_of_a_batch_tells_its_header_and_the_checksum_of_all_of_it()
    {
        ReadOnlySpan<byte> batch = GoldenBatch.Bytes;
        Assert.True(RecordBatch.TryReadHeader(batch, out var whole));
        Assert.True(RecordBatch.TryReadStart(batch[..RecordBatch.HeaderBytes], out var start));
        Assert.Equal(whole, start);
        Assert.Equal(Crc32C.Compute(batch), RecordBatch.ChecksumOf(batch[..RecordBatch.HeaderBytes], batch.Length));

        byte[] other = GoldenBatch.Bytes;
        other[16] = 1;
        Assert.False(RecordBatch.TryReadStart(other.AsSpan(0, RecordBatch.HeaderBytes), out _));
    }

    [Fact]
    public void Bytes_after_the_batch_do_not_matter()
    {
        byte[] two = [.. GoldenBatch.Bytes, .. GoldenBatch.Bytes];
        Assert.True(RecordBatch.TryReadHeader(two, out var header));
        Assert.Equal(94, header.TotalBytes);
        Assert.True(RecordBatch.CrcIsValid(two));
    }
}
