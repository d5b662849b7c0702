using System.Text;
using Messaging.Broker.Records;
using Messaging.Storage.Records;

namespace Messaging.Broker.Tests.Records;

public sealed class BatchRecordsTests
{
    public static TheoryData<RecordCompression> Compressions => TestBatches.AllCompressions;

    [Fact]
    public void The_golden_records_are_read()
    {
        byte[] batch = TestBatches.Golden;
        RecordBatch.AssignPlace(batch, 1_000, leaderEpoch: 7);
        using var records = new BatchRecords(batch);

        Assert.True(records.MoveNext());
        Assert.Equal((1_000, TestBatches.BaseTimestamp), (records.Offset, records.TimestampMs));
        Assert.Equal(("k", "hello", 1), (Encoding.UTF8.GetString(records.Key), Encoding.UTF8.GetString(records.Value), records.HeaderCount));
        RecordHeaderEnumerator headers = records.Headers;
        Assert.True(headers.MoveNext() && headers.Name.SequenceEqual("h1"u8) && headers.Value.SequenceEqual([(byte)1]) && !headers.MoveNext() && !headers.Malformed);

        Assert.True(records.MoveNext());
        Assert.Equal((1_001, TestBatches.BaseTimestamp + 5, true, false, 0), (records.Offset, records.TimestampMs, records.KeyIsNull, records.ValueIsNull, records.Value.Length));

        Assert.True(records.MoveNext());
        Assert.Equal((1_002, TestBatches.BaseTimestamp + 7, false, true), (records.Offset, records.TimestampMs, records.KeyIsNull, records.ValueIsNull));

        Assert.False(records.MoveNext());
        Assert.False(records.Malformed);
    }

    [Theory]
    [MemberData(nameof(Compressions))]
    public void What_was_built_comes_back_under_every_codec(RecordCompression compression)
    {
        var random = new Random(1);
        for (int turn = 0; turn < 200; turn++)
        {
            BatchRecord[] written = TestBatches.Random(random, 20, 2_000);
            byte[] batch = TestBatches.Build(compression, written);
            RecordBatch.AssignPlace(batch, 42);

            // Whatever follows in the memory is of another batch.
            using var records = new BatchRecords((byte[])[.. batch, .. batch]);
            for (int i = 0; i < written.Length; i++)
            {
                Assert.True(records.MoveNext());
                Assert.Equal((42 + i, written[i].TimestampMs), (records.Offset, records.TimestampMs));
                Assert.Equal(written[i].Body.ToArray(), records.Body.ToArray());
            }

            Assert.False(records.MoveNext());
            Assert.False(records.Malformed);
        }
    }

    [Theory]
    [MemberData(nameof(Compressions))]
    public void Records_of_a_batch_with_append_time_all_have_its_time(RecordCompression compression)
    {
        byte[] batch = TestBatches.Build(compression, TestBatches.Random(new Random(1), 20, 100));
        AppendTime.Set(batch, 1_800_000_000_000);

        Assert.True(RecordBatch.CrcIsValid(batch));
        using var records = new BatchRecords(batch);
        Assert.True(records.Header.HasAppendTime);
        int count = 0;
        for (; records.MoveNext(); count++) Assert.Equal(1_800_000_000_000, records.TimestampMs);
        Assert.Equal((false, records.Header.Count), (records.Malformed, count));
    }

    [Fact]
    public void A_compacted_batch_keeps_its_offsets()
    {
        byte[] plain = new byte[100];
        int at = RecordPrefix.WriteRecord(plain, 3, 0, TestBatches.Body([1], [2]));
        at += RecordPrefix.WriteRecord(plain.AsSpan(at), 9, 0, TestBatches.Body([1], [2]));
        byte[] batch = TestBatches.Around(plain.AsSpan(0, at), 2, RecordCompression.None);
        RecordBatch.WriteHeader(batch, 100, 12, TestBatches.BaseTimestamp, TestBatches.BaseTimestamp, 2);

        using var records = new BatchRecords(batch);
        Assert.True(records.MoveNext());
        Assert.Equal(103, records.Offset);
        Assert.True(records.MoveNext());
        Assert.Equal(109, records.Offset);
        Assert.False(records.MoveNext() || records.Malformed);
    }

    [Fact]
    public void What_is_no_batch_is_malformed_and_a_codec_that_is_missing_says_so()
    {
        for (int length = 0; length < 94; length++)
        {
            using var records = new BatchRecords(TestBatches.Golden.AsMemory(0, length));
            Assert.False(records.MoveNext());
            Assert.True(records.Malformed);
            Assert.Null(records.Refusal);
        }

        byte[] batch = TestBatches.Golden;
        batch[22] = 6;
        using var unknown = new BatchRecords(batch);
        Assert.False(unknown.MoveNext());
        Assert.True(unknown.Malformed);
        Assert.Equal(ErrorCode.CompressionNotSupported, unknown.Refusal?.Code);
    }

    [Theory]
    [MemberData(nameof(Compressions))]
    public void Mutated_batches_never_throw_and_what_is_read_can_be_read(RecordCompression compression)
    {
        var random = new Random(1);
        for (int turn = 0; turn < 10_000; turn++)
        {
            byte[] batch = TestBatches.Build(compression, TestBatches.Random(random, 5, 100));
            for (int flips = random.Next(1, 5); flips > 0; flips--)
            {
                int at = random.Next(random.Next(2) == 0 ? batch.Length : Math.Min(batch.Length, 90));
                batch[at] = random.Next(2) == 0 ? (byte)random.Next(256) : (byte)(batch[at] ^ (1 << random.Next(8)));
            }

            using var records = new BatchRecords(batch.AsMemory(0, random.Next(4) == 0 ? random.Next(batch.Length) : batch.Length));
            while (records.MoveNext())
            {
                _ = (records.Offset, records.TimestampMs, records.Key.Length, records.Value.Length, records.Body.Length);
                RecordHeaderEnumerator headers = records.Headers;
                int count = 0;
                while (headers.MoveNext()) count++;
                Assert.Equal((false, records.HeaderCount), (headers.Malformed, count));
            }
        }
    }
}
