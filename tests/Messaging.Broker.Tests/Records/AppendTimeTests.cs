using Messaging.Broker.Records;
using Messaging.Storage.Records;

namespace Messaging.Broker.Tests.Records;

public sealed class AppendTimeTests
{
    [Fact]
    public void Only_the_type_the_maximum_and_the_checksum_change()
    {
        byte[] batch = TestBatches.Golden;
        AppendTime.Set(batch, TestBatches.BaseTimestamp - 1);

        Assert.True(RecordBatch.CrcIsValid(batch));
        Assert.True(RecordBatch.TryReadHeader(batch, out RecordBatchHeader header));
        Assert.Equal((true, TestBatches.BaseTimestamp - 1), (header.HasAppendTime, header.MaxTimestamp));
        Assert.All(Enumerable.Range(0, 94).Where(at => batch[at] != TestBatches.Golden[at]), at => Assert.True(at is (>= 17 and < 21) or 22 or (>= 35 and < 43)));
    }
}
