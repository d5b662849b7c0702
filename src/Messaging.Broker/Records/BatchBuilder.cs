using Messaging.Storage.Records;

namespace Messaging.Broker.Records;

/// <summary>Builds one batch, uncompressed and without a place yet, of records whose bodies were encoded. Hot path: no allocation a record.</summary>
internal static class BatchBuilder
{
    /// <summary>Bytes of the whole batch; <see cref="long"/>, since records of one call may be more than one batch can hold.</summary>
    public static long Measure(ReadOnlySpan<BatchRecord> records)
    {
        long bytes = RecordBatch.HeaderBytes;
        for (int i = 0; i < records.Length; i++)
        {
            bytes += RecordPrefix.MeasureRecord(i, records[i].TimestampMs - records[0].TimestampMs, records[i].Body.Length);
        }

        return bytes;
    }

    /// <summary>Writes the batch to the end of the output, whose bound has room for it; there is at least one record. Offsets count from 0 until it gets its place.</summary>
    public static void Write(ReadOnlySpan<BatchRecord> records, in BatchProducer producer, PooledBytes output)
    {
        Invariant.Check(!records.IsEmpty, "A batch has a record.");
        int bytes = checked((int)Measure(records));
        Span<byte> batch = output.Room(bytes)[..bytes];
        long baseTimestamp = records[0].TimestampMs;
        long maxTimestamp = baseTimestamp;
        int at = RecordBatch.HeaderBytes;
        for (int i = 0; i < records.Length; i++)
        {
            BatchRecord record = records[i];
            at += RecordPrefix.WriteRecord(batch[at..], i, record.TimestampMs - baseTimestamp, record.Body.Span);
            maxTimestamp = Math.Max(maxTimestamp, record.TimestampMs);
        }

        RecordBatch.WriteHeader(
            batch,
            baseOffset: 0,
            lastOffsetDelta: records.Length - 1,
            baseTimestamp,
            maxTimestamp,
            records.Length,
            producer.IsTransactional ? RecordBatch.TransactionalFlag : (short)0,
            producer.Id,
            producer.Epoch,
            producer.BaseSequence);
        output.Advance(bytes);
    }
}
