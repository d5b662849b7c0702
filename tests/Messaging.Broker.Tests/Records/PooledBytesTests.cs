using Messaging.Broker.Records;

namespace Messaging.Broker.Tests.Records;

public sealed class PooledBytesTests
{
    [Fact]
    public void It_grows_with_its_bytes_and_keeps_them()
    {
        using var bytes = new PooledBytes(100_000);
        for (int i = 0; i < 100_000; i++)
        {
            bytes.Room(1)[0] = (byte)(i * 7);
            bytes.Advance(1);
        }

        Assert.Equal(100_000, bytes.Length);
        for (int i = 0; i < 100_000; i++) Assert.Equal((byte)(i * 7), bytes.Span[i]);
    }

    [Fact]
    public void Beyond_its_bound_there_is_room_for_one_byte_and_then_none()
    {
        using var bytes = new PooledBytes(10);
        Assert.Equal(11, bytes.Room(1_000).Length);
        bytes.Advance(10);
        Assert.Equal(1, bytes.Room(1).Length);
        bytes.Advance(1);
        Assert.True(bytes.Room(1).IsEmpty);
    }
}
