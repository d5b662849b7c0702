using Messaging.Broker.Records;
using Messaging.Storage.Records;

namespace Messaging.Broker.Tests.Records;

public sealed class ControlBatchTests
{
    [Theory]
    [InlineData(true, "0000" + "0001", "0000" + "00000009")]
    [InlineData(false, "0000" + "0000", "0000" + "00000009")]
    public void A_marker_has_the_bytes_that_Kafka_gives_it(bool isCommit, string key, string value)
    {
        byte[] batch = new byte[ControlBatch.Bytes];
        ControlBatch.Write(batch, 77, 5, new ControlMarker(isCommit, 9), TestBatches.BaseTimestamp);

        Assert.Equal(78, batch.Length);
        Assert.True(RecordBatch.CrcIsValid(batch));
        Assert.True(RecordBatch.TryReadHeader(batch, out RecordBatchHeader header));
        Assert.Equal(new RecordBatchHeader(0, 78, 0, TestBatches.BaseTimestamp, TestBatches.BaseTimestamp, 1, 0x30, 77, 5, -1), header);

        // Length 16, attributes, deltas, key of 4 bytes, value of 6, no headers.
        Assert.Equal("20" + "00" + "00" + "00" + "08" + key + "0C" + value + "00", Convert.ToHexString(batch.AsSpan(61)));
    }

    [Fact]
    public void Markers_come_back_and_no_producer_may_send_one()
    {
        byte[] batch = new byte[ControlBatch.Bytes];
        foreach (ControlMarker marker in new ControlMarker[] { new(true, 0), new(false, int.MaxValue), new(true, -1) })
        {
            ControlBatch.Write(batch, 1, 0, marker, 0);
            Assert.True(ControlBatch.TryRead(batch, out ControlMarker read));
            Assert.Equal(marker, read);
            Assert.Equal(ErrorCode.BatchInvalid, TestBatches.Validate(batch)?.Code);
        }
    }

    [Fact]
    public void Other_batches_are_no_markers_and_mutated_ones_never_throw()
    {
        Assert.False(ControlBatch.TryRead(TestBatches.Golden, out _));
        byte[] batch = new byte[ControlBatch.Bytes];
        ControlBatch.Write(batch, 1, 0, new ControlMarker(true, 0), 0);
        for (int length = 0; length < batch.Length; length++) Assert.False(ControlBatch.TryRead(batch.AsSpan(0, length), out _));
        batch[68] = 3;
        Assert.False(ControlBatch.TryRead(batch, out _));

        var random = new Random(1);
        for (int turn = 0; turn < 20_000; turn++)
        {
            ControlBatch.Write(batch, 1, 0, new ControlMarker(true, 0), 0);
            for (int flips = random.Next(1, 4); flips > 0; flips--) batch[random.Next(batch.Length)] = (byte)random.Next(256);
            ControlBatch.TryRead(batch, out _);
        }
    }
}
