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
        int bytes = checked((int)Measure(records));
        var batch = new BatchWriter(output.Room(bytes)[..bytes]);
        foreach (BatchRecord record in records)
        {
            record.Body.Span.CopyTo(batch.Next(record.TimestampMs, record.Body.Length));
        }

        batch.End(producer);
        output.Advance(bytes);
    }
}
