using System.Buffers.Binary;
using Messaging.Broker.Messages;
using Messaging.Broker.Records;
using Messaging.Storage.Records;

namespace Messaging.Broker.Tests.Records;

public sealed class BatchValidatorTests
{
    private static readonly byte[] Plain = TestBatches.Body([1], [2]);

    public static TheoryData<RecordCompression> Compressions => TestBatches.AllCompressions;

    [Fact]
    public void The_golden_batch_is_valid()
    {
        Assert.Null(BatchValidator.Validate(TestBatches.Golden, TestBatches.Rules, out RecordBatchHeader header));
        Assert.Equal(new RecordBatchHeader(0, 94, 2, TestBatches.BaseTimestamp, TestBatches.BaseTimestamp + 7, 3, 0, -1, -1, -1), header);
    }

    [Theory]
    [MemberData(nameof(Compressions))]
    public void What_the_builder_makes_is_valid_under_every_codec(RecordCompression compression)
    {
        var random = new Random(1);
        for (int turn = 0; turn < 200; turn++)
        {
            BatchProducer? producer = random.Next(2) == 0 ? null : new BatchProducer(random.NextInt64(1L << 60), (short)random.Next(100), random.Next(), random.Next(2) == 0);
            byte[] batch = TestBatches.Build(compression, TestBatches.Random(random, 20, 500), producer);
            Assert.Null(BatchValidator.Validate(batch, TestBatches.Rules, out RecordBatchHeader header));
            Assert.Equal(compression, header.Compression);
            Assert.Equal(producer?.Id ?? -1, header.ProducerId);
        }
    }

    [Fact]
    public void Bytes_that_are_not_exactly_one_batch_are_refused()
    {
        byte[] batch = TestBatches.Golden;
        Refused(batch[..60], ErrorCode.BatchInvalid, "A batch has at least 61 bytes, not 60.");
        Refused([], ErrorCode.BatchInvalid, "A batch has at least 61 bytes, not 0.");
        Refused(batch[..93], ErrorCode.BatchInvalid, "The batch says that it has 94 bytes; 93 are there.");
        Refused([.. batch, 0], ErrorCode.BatchInvalid, "The batch says that it has 94 bytes; 95 are there.");
        Refused([.. batch, .. batch], ErrorCode.BatchInvalid, "The batch says that it has 94 bytes; 188 are there.");
        Refused(With(batch, 8, 0x80), ErrorCode.BatchInvalid, "The batch's length is not possible; 94 bytes are there.");
        Refused(With(batch, 11, 10), ErrorCode.BatchInvalid, "The batch's length is not possible; 94 bytes are there.");
    }

    [Fact]
    public void A_batch_larger_than_the_topic_takes_is_refused_with_both_sizes()
    {
        BrokerError refusal = BatchValidator.Validate(TestBatches.Golden, new BatchRules(93), out _)!;
        Assert.Equal(new BrokerError(ErrorCode.MessageTooLarge, "The batch has 94 bytes; the topic takes at most 93."), refusal);
        Assert.Null(BatchValidator.Validate(TestBatches.Golden, new BatchRules(94), out _));
    }

    [Fact]
    public void Other_formats_are_refused_by_their_number()
    {
        Refused(With(TestBatches.Golden, 16, 0), ErrorCode.BatchInvalid, "The batch is in format 0, which Kafka gave up; formats before 2 are not taken.");
        Refused(With(TestBatches.Golden, 16, 1), ErrorCode.BatchInvalid, "The batch is in format 1, which Kafka gave up; formats before 2 are not taken.");
        Refused(With(TestBatches.Golden, 16, 3), ErrorCode.BatchInvalid, "The batch is in format 3; format 2 is the only one that is known.");
    }

    [Fact]
    public void Every_flipped_bit_that_the_checksum_covers_is_refused_as_corrupt()
    {
        for (int bit = 17 * 8; bit < 94 * 8; bit++)
        {
            byte[] batch = TestBatches.Golden;
            batch[bit / 8] ^= (byte)(1 << (bit % 8));
            Refused(batch, ErrorCode.BatchCorrupt, "The batch's checksum is not that of its 94 bytes.");
        }
    }

    [Theory]
    [InlineData(0x20, "The batch is a control batch, which only the broker writes.")]
    [InlineData(0x08, "The batch says that its time is that of appending, which only the broker says.")]
    [InlineData(0x40, "The batch has a delete horizon, which only compaction sets.")]
    [InlineData(0x80, "The batch's attributes are 0x0080; bits 7 to 15 mean nothing.")]
    [InlineData(0x8000, "The batch's attributes are 0x8000; bits 7 to 15 mean nothing.")]
    [InlineData(0x10, "The batch is transactional and names no producer.")]
    public void Attributes_that_are_not_a_producers_are_refused(int attributes, string detail)
        => Refused(Changed(batch => BinaryPrimitives.WriteUInt16BigEndian(batch.AsSpan(21), (ushort)attributes)), ErrorCode.BatchInvalid, detail);

    [Theory]
    [InlineData(5)]
    [InlineData(7)]
    public void A_codec_that_is_unknown_is_refused_by_its_number(int codec)
        => Refused(
            Changed(batch => batch[22] = (byte)codec),
            ErrorCode.CompressionNotSupported,
            $"The batch's compression is number {codec}; known are 0 (none), 1 (gzip), 2 (snappy), 3 (lz4) and 4 (zstd).");

    [Fact]
    public void Counts_that_lie_are_refused()
    {
        Refused(Changed(batch => Count(batch, 0)), ErrorCode.BatchInvalid, "The batch says that it has 0 records; it has at least one.");
        Refused(Changed(batch => Count(batch, -1)), ErrorCode.BatchInvalid, "The batch says that it has -1 records; it has at least one.");
        Refused(Changed(batch => Count(batch, 200_001)), ErrorCode.MessageTooLarge, "The batch says that it has 200001 records; it has at most 200000.");
        Refused(Changed(batch => Count(batch, 2)), ErrorCode.BatchInvalid, "The batch says that it has 2 records and that the last offset delta is 2, which is not 1.");
        Refused(Changed(batch => LastDelta(batch, 3)), ErrorCode.BatchInvalid, "The batch says that it has 3 records and that the last offset delta is 3, which is not 2.");
        Refused(Changed(batch => LastDelta(batch, -1)), ErrorCode.BatchInvalid, "The batch says that it has 3 records and that the last offset delta is -1, which is not 2.");
        Refused(Changed(batch => { Count(batch, 4); LastDelta(batch, 3); }), ErrorCode.BatchInvalid, "Record 3 of 4 can't be read in 33 bytes.", "records[3]");
        Refused(Changed(batch => { Count(batch, 2); LastDelta(batch, 1); }), ErrorCode.BatchInvalid, "There are bytes after the last of 2 records.");
        Refused(With(TestBatches.Golden, 0, 0x80), ErrorCode.BatchInvalid, "The batch's base offset is -9223372036854775808; it is 0 or more.");
        byte[] last = TestBatches.Golden;
        BinaryPrimitives.WriteInt64BigEndian(last, long.MaxValue - 1);
        Refused(last, ErrorCode.BatchInvalid, "The batch's base offset is 9223372036854775806, which leaves no room for 3 offsets.");
    }

    [Theory]
    [InlineData(5, -1, -1)]
    [InlineData(5, 0, -1)]
    [InlineData(5, -1, 0)]
    [InlineData(-1, 0, 0)]
    [InlineData(-1, -1, 0)]
    [InlineData(-2, 0, 0)]
    public void A_producer_is_whole_or_none(long id, short epoch, int sequence)
        => Refused(
            Changed(batch =>
            {
                BinaryPrimitives.WriteInt64BigEndian(batch.AsSpan(43), id);
                BinaryPrimitives.WriteInt16BigEndian(batch.AsSpan(51), epoch);
                BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(53), sequence);
            }),
            ErrorCode.BatchInvalid,
            $"Producer id {id}, epoch {epoch} and base sequence {sequence} are all 0 or more, or all -1 for none.");

    [Fact]
    public void A_maximum_timestamp_that_lies_is_refused_unless_the_broker_says_the_time()
    {
        byte[] batch = Changed(bytes => BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(35), TestBatches.BaseTimestamp + 8));
        Refused(batch, ErrorCode.BatchInvalid, "The batch says that its maximum timestamp is 1700000000008; that of its records is 1700000000007.");
        Assert.Null(BatchValidator.Validate(batch, TestBatches.Rules with { AppendTime = true }, out _));
    }

    [Fact]
    public void Timestamps_are_0_or_more_or_none()
    {
        Refused(
            Changed(batch => BinaryPrimitives.WriteInt64BigEndian(batch.AsSpan(27), -2)),
            ErrorCode.BatchInvalid,
            "The batch's base timestamp is -2; it is 0 or more, or -1 for none.");
        Assert.Null(TestBatches.Validate(TestBatches.Build(new BatchRecord(-1, Plain), new BatchRecord(-1, Plain))));
        Assert.Null(TestBatches.Validate(TestBatches.Build(new BatchRecord(5, Plain), new BatchRecord(0, Plain))));
        Refused(
            TestBatches.Build(new BatchRecord(5, Plain), new BatchRecord(-2, Plain)),
            ErrorCode.RecordInvalid,
            "The timestamp of record 1 is -2; it is 0 or more, or -1 for none.",
            "records[1]");

        // Sums that would pass for another number.
        byte[] record = new byte[50];
        int bytes = RecordPrefix.WriteRecord(record, 0, long.MaxValue, Plain);
        byte[] over = TestBatches.Around(record.AsSpan(0, bytes), 1, RecordCompression.None, unchecked(TestBatches.BaseTimestamp + long.MaxValue));
        Refused(over, ErrorCode.RecordInvalid, "The timestamp of record 0 is 9223373736854775807; it is 0 or more, or -1 for none.", "records[0]");
        bytes = RecordPrefix.WriteRecord(record, 0, long.MinValue, Plain);
        byte[] under = TestBatches.Around(record.AsSpan(0, bytes), 1, RecordCompression.None, long.MaxValue);
        under = TestBatches.Changed(under, batch => BinaryPrimitives.WriteInt64BigEndian(batch.AsSpan(27), -1));
        Refused(under, ErrorCode.RecordInvalid, "The timestamp of record 0 is -9223372036854775809; it is 0 or more, or -1 for none.", "records[0]");
    }

    [Theory]
    [MemberData(nameof(Compressions))]
    public void A_gap_between_records_is_refused(RecordCompression compression)
    {
        byte[] records = new byte[100];
        int at = RecordPrefix.WriteRecord(records, 0, 0, Plain);
        at += RecordPrefix.WriteRecord(records.AsSpan(at), 2, 0, Plain);
        Refused(
            TestBatches.Around(Compressed(compression, records.AsSpan(0, at)), 3, compression),
            ErrorCode.BatchInvalid,
            "The offset delta of record 1 is 2; a producer's records are numbered without gaps.",
            "records[1]");
    }

    [Theory]
    [MemberData(nameof(Compressions))]
    public void A_record_without_a_key_is_refused_only_of_a_compacted_topic(RecordCompression compression)
    {
        byte[] batch = TestBatches.Build(
            compression, [new(TestBatches.BaseTimestamp, Plain), new(TestBatches.BaseTimestamp, TestBatches.Body([], null)), new(TestBatches.BaseTimestamp, TestBatches.Body(null, [1]))]);
        Assert.Null(TestBatches.Validate(batch));
        Assert.Equal(
            new BrokerError(ErrorCode.RecordInvalid, "Record 2 has no key, and the topic is compacted.", "records[2]"),
            BatchValidator.Validate(batch, TestBatches.Rules with { KeyRequired = true }, out _));
    }

    [Fact]
    public void Names_of_headers_are_UTF8_and_not_the_brokers()
    {
        Refused(Headed("_m.ct"u8), ErrorCode.RecordInvalid, "Record 0 has the header \"_m.ct\"; names that begin with \"_m.\" are the broker's.", "records[0]");
        Refused(Headed([0xC3, 0x28]), ErrorCode.RecordInvalid, "Record 0 has a header whose name of 2 bytes is not UTF-8.", "records[0]");
        Assert.Null(TestBatches.Validate(Headed("_m"u8)));
        Assert.Null(TestBatches.Validate(Headed(""u8)));
        Assert.Null(TestBatches.Validate(Headed("größe"u8)));
    }

    [Fact]
    public void A_body_that_lies_is_refused()
    {
        byte[] body = TestBatches.Body([1], [2], ("name", [3]));
        for (int length = 0; length < body.Length; length++)
        {
            BrokerError refusal = TestBatches.Validate(TestBatches.Build(new BatchRecord(TestBatches.BaseTimestamp, body.AsMemory(0, length))))!;
            Assert.Equal(new BrokerError(ErrorCode.BatchInvalid, $"The {length} bytes of record 0 are not exactly a key, a value and headers.", "records[0]"), refusal);
        }

        byte[] more = TestBatches.Build(new BatchRecord(TestBatches.BaseTimestamp, (byte[])[.. body, 0]));
        Refused(more, ErrorCode.BatchInvalid, $"The {body.Length + 1} bytes of record 0 are not exactly a key, a value and headers.", "records[0]");
    }

    [Theory]
    [MemberData(nameof(Compressions))]
    public void A_bomb_is_refused_by_the_bound(RecordCompression compression)
    {
        if (compression == RecordCompression.None) return;
        byte[] bomb = TestBatches.Around(Compressed(compression, new byte[200 * 1024 * 1024]), 1, compression);
        BrokerError refusal = BatchValidator.Validate(bomb, new BatchRules(MessageLimits.MessageBytesMax), out _)!;
        Assert.Equal(new BrokerError(ErrorCode.MessageTooLarge, "The batch's records have more than 67108864 bytes once they are decompressed."), refusal);
    }

    [Theory]
    [MemberData(nameof(TestBatches.RealCompressions), MemberType = typeof(TestBatches))]
    public void A_record_is_as_large_as_the_topic_says_once_it_is_decompressed(RecordCompression compression)
    {
        byte[] body = TestBatches.Body([1], new byte[1_000_000]);
        byte[] batch = TestBatches.Build(compression, [new BatchRecord(TestBatches.BaseTimestamp, body)]);
        Assert.True(batch.Length < body.Length);
        Assert.Null(BatchValidator.Validate(batch, new BatchRules(body.Length), out _));
        BrokerError refusal = BatchValidator.Validate(batch, new BatchRules(body.Length - 1), out _)!;
        Assert.Equal(new BrokerError(ErrorCode.MessageTooLarge, $"Record 0 has {body.Length} bytes; the topic takes at most {body.Length - 1}.", "records[0]"), refusal);
    }

    [Fact]
    public void A_stream_that_is_not_of_its_codec_is_refused_by_name()
    {
        foreach ((RecordCompression compression, string name) in new[]
        {
            (RecordCompression.Gzip, "gzip"), (RecordCompression.Snappy, "snappy"), (RecordCompression.Lz4, "lz4"), (RecordCompression.Zstandard, "zstd"),
        })
        {
            Refused(Changed(batch => batch[22] = (byte)compression), ErrorCode.BatchInvalid, $"The batch's 33 bytes of records are not exactly what {name} makes.");
            Refused(TestBatches.Around([], 1, compression), ErrorCode.BatchInvalid, $"The batch's 0 bytes of records are not exactly what {name} makes.");
        }
    }

    [Theory]
    [MemberData(nameof(Compressions))]
    public void Mutated_batches_never_throw_and_pass_only_when_they_read_back_whole(RecordCompression compression)
    {
        var random = new Random(1);
        int accepted = 0;
        for (int turn = 0; turn < 10_000; turn++)
        {
            byte[] batch = TestBatches.Build(compression, TestBatches.Random(random, 5, 100));
            byte[] mutated = (byte[])batch.Clone();
            for (int flips = random.Next(1, 4); flips > 0; flips--)
            {
                int at = random.Next(random.Next(2) == 0 ? batch.Length : Math.Min(batch.Length, 90));
                mutated[at] = random.Next(2) == 0 ? (byte)random.Next(256) : (byte)(mutated[at] ^ (1 << random.Next(8)));
            }

            // What the checksum covers it sees; the base offset and the leader's epoch are the broker's to write.
            if (!mutated.AsSpan(8, 4).SequenceEqual(batch.AsSpan(8, 4)) || !mutated.AsSpan(16).SequenceEqual(batch.AsSpan(16))) Assert.NotNull(TestBatches.Validate(mutated));

            byte[] mended = TestBatches.Changed(mutated, static _ => { });
            if (BatchValidator.Validate(mended, TestBatches.Rules, out RecordBatchHeader header) is not null) continue;
            accepted++;
            var records = new BatchRecords(mended);
            int count = 0;
            while (records.MoveNext()) count++;
            Assert.Equal((false, header.Count), (records.Malformed, count));
            records.Dispose();
        }

        // Some mutations are only another value; if none were, the test would look at nothing.
        Assert.InRange(accepted, 1, 9_999);
    }

    [Fact]
    public void Random_bytes_never_throw()
    {
        var random = new Random(1);
        byte[] bytes = new byte[200];
        for (int turn = 0; turn < 50_000; turn++)
        {
            random.NextBytes(bytes);
            if (turn % 2 == 0)
            {
                int count = random.Next(1, 4);
                RecordBatch.WriteHeader(bytes, 0, count - 1, TestBatches.BaseTimestamp, TestBatches.BaseTimestamp, count, (short)random.Next(5));
            }

            Assert.NotNull(TestBatches.Validate(bytes));
        }
    }

    [Fact]
    public void An_uncompressed_batch_is_checked_without_an_allocation()
    {
        byte[] batch = TestBatches.Build([.. Enumerable.Repeat(new BatchRecord(TestBatches.BaseTimestamp, TestBatches.Body([1], new byte[1_024], ("name", [2]))), 100)]);
        Assert.Null(TestBatches.Validate(batch));
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int turn = 0; turn < 100; turn++) BatchValidator.Validate(batch, TestBatches.Rules, out _);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void Refused(byte[] batch, ErrorCode code, string detail, string? field = null)
        => Assert.Equal(new BrokerError(code, detail, field), TestBatches.Validate(batch));

    private static byte[] With(byte[] batch, int at, byte value)
    {
        batch[at] = value;
        return batch;
    }

    private static byte[] Changed(Action<byte[]> change) => TestBatches.Changed(TestBatches.Golden, change);

    private static void Count(byte[] batch, int count) => BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(57), count);

    private static void LastDelta(byte[] batch, int delta) => BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(23), delta);

    private static byte[] Headed(ReadOnlySpan<byte> name)
        => TestBatches.Build(new BatchRecord(TestBatches.BaseTimestamp, TestBatches.Body([1], [2], [(name.ToArray(), null)])));

    private static byte[] Compressed(RecordCompression compression, ReadOnlySpan<byte> plain)
    {
        if (compression == RecordCompression.None) return plain.ToArray();
        using var output = new PooledBytes(int.MaxValue);
        RecordCodecs.Find(compression)!.Compress(plain, output);
        return output.Span.ToArray();
    }
}
