using Messaging.Broker.Records;
using Messaging.Storage.Records;

namespace Messaging.Broker.Tests.Records;

public sealed class BatchWriterTests
{
    [Fact]
    public void Records_whose_times_go_up_and_down_are_read_again()
    {
        var random = new Random(1);
        for (int turn = 0; turn < 200; turn++)
        {
            BatchRecord[] records = TestBatches.Random(random, 100, 50);
            byte[] bytes = new byte[records.Sum(record => record.Body.Length + BatchWriter.OverheadBytesMax)];
            var writer = new BatchWriter(bytes);
            foreach (BatchRecord record in records) record.Body.Span.CopyTo(writer.Next(record.TimestampMs, record.Body.Length));
            writer.End(BatchProducer.None);

            Assert.Null(BatchValidator.Validate(bytes.AsSpan(0, writer.Length), TestBatches.Rules, out RecordBatchHeader header));
            Assert.Equal(records.Length, header.Count);
            Assert.Equal(records.Max(record => record.TimestampMs), header.MaxTimestamp);
            var found = new RecordEnumerator(bytes.AsSpan(0, writer.Length));
            foreach (BatchRecord record in records)
            {
                Assert.True(found.MoveNext());
                Assert.Equal(record.TimestampMs, header.BaseTimestamp + found.TimestampDelta);
                Assert.True(found.Body.SequenceEqual(record.Body.Span));
            }
        }
    }

    [Fact]
    public void A_batch_without_a_record_is_a_bug() =>
        Assert.ThrowsAny<Exception>(() => new BatchWriter(new byte[100]).End(BatchProducer.None));
}
