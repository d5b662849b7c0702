using Messaging.Broker.Topics;

namespace Messaging.Broker.Tests.Topics;

public sealed class StickyPartitionerTests
{
    [Fact]
    public void A_partition_has_its_turn_until_its_bytes_are_full()
    {
        var partitioner = new StickyPartitioner();
        for (int turn = 0; turn < 9; turn++)
        {
            for (int call = 0; call < 16; call++) Assert.Equal(turn % 3, partitioner.Next(1_024, 3));
        }
    }

    [Fact]
    public void A_call_larger_than_a_turn_goes_to_one_partition_and_the_next_call_to_the_next()
    {
        var partitioner = new StickyPartitioner();
        for (int call = 0; call < 128; call++) Assert.Equal(call % 64, partitioner.Next(1_048_576, 64));
        Assert.Equal(0, partitioner.Next(int.MaxValue, 64));
        Assert.Equal(1, partitioner.Next(1, 64));
    }

    [Fact]
    public void Callers_at_once_share_the_partitions_evenly()
    {
        var partitioner = new StickyPartitioner();
        long[] bytes = new long[8];
        Parallel.For(0, 8 * 1_000, _ => Interlocked.Add(ref bytes[partitioner.Next(2_048, bytes.Length)], 2_048));
        Assert.All(bytes, sum => Assert.Equal(1_000 * 2_048, sum));
    }
}
