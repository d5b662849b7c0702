using System.Text;
using Messaging.Broker.Records;
using Messaging.Storage.Records;

namespace Messaging.Broker.Tests.Records;

/// <summary>Batches for the tests of this folder: a foreign one, and random ones of ours.</summary>
internal static class TestBatches
{
    public const long BaseTimestamp = 1_700_000_000_000;

    public static readonly BatchRules Rules = new(BytesMax: 1_048_576);

    /// <summary>
    /// What a public Kafka client wrote: (key "k", value "hello", header "h1" = 01), (null, ""), ("k", null) at 1700000000000, +5 and +7.
    /// </summary>
    public static byte[] Golden => Convert.FromHexString(
        "00000000000000000000005200000000024E6F19AC0000000000020000018BCFE568000000018BCFE56807"
        + "FFFFFFFFFFFFFFFFFFFFFFFFFFFF00000003"
        + "22000000026B0A68656C6C6F0204683102010C000A020100000E000E04026B0100");

    public static IEnumerable<RecordCompression> Compressions => Enum.GetValues<RecordCompression>();

    public static TheoryData<RecordCompression> AllCompressions => new(Compressions);

    public static TheoryData<RecordCompression> RealCompressions => new(Compressions.Where(compression => compression != RecordCompression.None));

    public static byte[] Body(byte[]? key, byte[]? value, params (string Name, byte[]? Value)[] headers) =>
        Body(key, value, [.. headers.Select(header => (Encoding.UTF8.GetBytes(header.Name), header.Value))]);

    public static byte[] Body(byte[]? key, byte[]? value, (byte[] Name, byte[]? Value)[] headers)
    {
        int headerBytes = headers.Sum(header => RecordBody.MeasureHeader(header.Name.Length, Length(header.Value)));
        byte[] body = new byte[RecordBody.Measure(Length(key), Length(value), headers.Length, headerBytes)];
        var writer = new RecordBodyWriter(body);
        if (key is null) writer.WriteNullKey();
        else writer.WriteKey(key);
        if (value is null) writer.WriteNullValue();
        else writer.WriteValue(value);
        writer.WriteHeaderCount(headers.Length);
        foreach ((byte[] name, byte[]? headerValue) in headers)
        {
            if (headerValue is null) writer.WriteNullHeader(name);
            else writer.WriteHeader(name, headerValue);
        }

        Assert.Equal(body.Length, writer.Written);
        return body;
    }

    /// <summary>Bytes that shrink somewhat, as records do.</summary>
    public static byte[] Value(Random random, int length)
    {
        byte[] value = new byte[length];
        for (int at = 0; at < length;)
        {
            int run = Math.Min(length - at, random.Next(1, 40));
            if (random.Next(2) == 0 && at > run) value.AsSpan(random.Next(at - run), run).CopyTo(value.AsSpan(at));
            else random.NextBytes(value.AsSpan(at, run));
            at += run;
        }

        return value;
    }

    public static BatchRecord[] Random(Random random, int countMax, int valueBytesMax)
    {
        var records = new BatchRecord[random.Next(1, countMax + 1)];
        for (int i = 0; i < records.Length; i++)
        {
            byte[]? key = random.Next(3) == 0 ? null : Value(random, random.Next(20));
            byte[]? value = random.Next(10) == 0 ? null : Value(random, random.Next(valueBytesMax));
            var headers = new (string, byte[]?)[random.Next(4)];
            for (int h = 0; h < headers.Length; h++)
            {
                headers[h] = (new string('ä', random.Next(5)), random.Next(3) == 0 ? null : Value(random, random.Next(30)));
            }

            records[i] = new BatchRecord(BaseTimestamp + random.Next(-1000, 100_000), Body(key, value, headers));
        }

        return records;
    }

    public static byte[] Build(params BatchRecord[] records) => Build(RecordCompression.None, records);

    public static byte[] Build(RecordCompression compression, BatchRecord[] records, BatchProducer? producer = null)
    {
        using var plain = new PooledBytes(int.MaxValue);
        BatchBuilder.Write(records, producer ?? BatchProducer.None, plain);
        using var output = new PooledBytes(int.MaxValue);
        BatchCompression.Compress(plain.Span, compression, output);
        return output.Span.ToArray();
    }

    /// <summary>A batch around records that are anything, with a header that says what it is told.</summary>
    public static byte[] Around(ReadOnlySpan<byte> records, int count, RecordCompression compression, long maxTimestamp = BaseTimestamp)
    {
        byte[] batch = new byte[RecordBatch.HeaderBytes + records.Length];
        records.CopyTo(batch.AsSpan(RecordBatch.HeaderBytes));
        RecordBatch.WriteHeader(batch, 0, count - 1, BaseTimestamp, maxTimestamp, count, (short)compression);
        return batch;
    }

    /// <summary>The same batch after a change from byte 21 on, with a checksum that is right again.</summary>
    public static byte[] Changed(byte[] batch, Action<byte[]> change)
    {
        byte[] changed = (byte[])batch.Clone();
        change(changed);
        RecordBatchHeader header = RecordBatch.ReadHeader(changed, changed.Length);
        RecordBatch.WriteHeader(
            changed,
            header.BaseOffset,
            header.LastOffsetDelta,
            header.BaseTimestamp,
            header.MaxTimestamp,
            header.Count,
            header.Attributes,
            header.ProducerId,
            header.ProducerEpoch,
            header.BaseSequence);
        return changed;
    }

    public static BrokerError? Validate(byte[] batch) => BatchValidator.Validate(batch, Rules, out _);

    private static int Length(byte[]? bytes) => bytes?.Length ?? RecordBody.NullLength;
}
