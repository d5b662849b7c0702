using Messaging.Storage.Records;

namespace Messaging.Storage.Tests.Records;

public sealed class RecordEnumeratorTests
{
    [Fact]
    public void The_golden_records_are_read()
    {
        var batch = GoldenBatch.Bytes;
        var records = new RecordEnumerator(batch);
        foreach (var (offset, timestamp, body) in new[]
        {
            (0, 0L, RecordBodyTests.Body("k", "hello", ("h1", "\u0001"))),
            (1, 5L, RecordBodyTests.Body(null, "")),
            (2, 7L, RecordBodyTests.Body("k", null)),
        })
        {
            Assert.True(records.MoveNext());
            Assert.Equal((offset, timestamp), (records.OffsetDelta, records.TimestampDelta));
            Assert.Equal(body, records.Body);
            Assert.Equal(body, batch.AsSpan(records.BodyStart, body.Length));
        }

        Assert.False(records.MoveNext());
        Assert.False(records.Malformed);
    }

    [Fact]
    public void Random_batches_come_back_also_with_gaps_and_from_a_bare_block()
    {
        var random = new Random(1);
        for (var turn = 0; turn < 500; turn++)
        {
            var (batch, written) = RandomBatch(random);
            Assert.Equal(written, Read(new RecordEnumerator(batch)));
            Assert.True(RecordBatch.TryReadHeader(batch, out var header));
            Assert.Equal(written, Read(new RecordEnumerator(header, batch.AsSpan(RecordBatch.HeaderBytes))));
        }
    }

    [Fact]
    public void A_count_that_lies_is_malformed_at_its_end()
    {
        foreach (var count in new byte[] { 0, 1, 2 })
        {
            var batch = GoldenBatch.Bytes;
            batch[60] = count;
            var records = new RecordEnumerator(batch);
            for (var index = 0; index < count; index++)
            {
                Assert.True(records.MoveNext());
            }

            Assert.False(records.MoveNext());
            Assert.True(records.Malformed);
        }
    }

    [Fact]
    public void A_compressed_batch_is_not_read_as_it_is()
    {
        var batch = GoldenBatch.Bytes;
        batch[22] = (byte)RecordCompression.Lz4;
        var records = new RecordEnumerator(batch);
        Assert.False(records.MoveNext());
        Assert.True(records.Malformed);
    }

    [Fact]
    public void Mutated_batches_never_throw_and_never_reach_outside()
    {
        var random = new Random(1);
        for (var turn = 0; turn < 50_000; turn++)
        {
            var (batch, _) = RandomBatch(random);
            for (var flips = random.Next(1, 5); flips > 0; flips--)
            {
                // Half of them in the header's count or in the first records, where the lies matter most.
                var at = random.Next(2) == 0 ? random.Next(batch.Length) : random.Next(57, Math.Min(batch.Length, 80));
                batch[at] = random.Next(2) == 0 ? (byte)random.Next(256) : (byte)(batch[at] ^ (1 << random.Next(8)));
            }

            Drain(batch.AsSpan(0, random.Next(4) == 0 ? random.Next(batch.Length) : batch.Length));
        }
    }

    [Fact]
    public void Random_bytes_never_throw()
    {
        var random = new Random(1);
        var bytes = new byte[200];
        for (var turn = 0; turn < 50_000; turn++)
        {
            random.NextBytes(bytes);
            if (random.Next(4) > 0)
            {
                RecordBatch.WriteHeader(bytes, 0, random.Next(1000), 0, 0, random.Next(1000));
            }

            Drain(bytes);
        }
    }

    private static void Drain(ReadOnlySpan<byte> batch)
    {
        var records = new RecordEnumerator(batch);
        while (records.MoveNext())
        {
            Assert.True(batch.Slice(records.BodyStart, records.Body.Length).SequenceEqual(records.Body));
            RecordBody.IsValid(records.Body);
        }
    }

    private static List<(int Offset, long Timestamp, string Body)> Read(RecordEnumerator records)
    {
        var read = new List<(int, long, string)>();
        while (records.MoveNext())
        {
            read.Add((records.OffsetDelta, records.TimestampDelta, Convert.ToHexString(records.Body)));
        }

        Assert.False(records.Malformed);
        return read;
    }

    private static (byte[] Batch, List<(int Offset, long Timestamp, string Body)> Records) RandomBatch(Random random)
    {
        var records = new List<(int, long, string)>();
        var batch = new byte[8192];
        var at = RecordBatch.HeaderBytes;
        var offset = 0;
        for (var count = random.Next(8); count > 0; count--)
        {
            var body = RecordBodyTests.Body(
                random.Next(2) == 0 ? null : "key", new string('v', random.Next(random.Next(2) == 0 ? 20 : 600)), ("header", "x"));
            var timestamp = random.NextInt64(-1000, 100_000);
            var bytes = RecordPrefix.WriteRecord(batch.AsSpan(at), offset, timestamp, body);
            Assert.Equal(RecordPrefix.MeasureRecord(offset, timestamp, body.Length), bytes);
            at += bytes;
            records.Add((offset, timestamp, Convert.ToHexString(body)));
            offset += random.Next(1, 100);
        }

        Array.Resize(ref batch, at);
        RecordBatch.WriteHeader(batch, 42, offset, GoldenBatch.BaseTimestamp, GoldenBatch.BaseTimestamp, records.Count);
        return (batch, records);
    }
}
