using System.Buffers;
using Messaging.Api.Hosting;

namespace Messaging.Api.Tests.Hosting;

public sealed class ConnectionMemoryTests
{
    [Fact]
    public void Large_blocks_are_bounded_and_small_ones_stand_in_for_them()
    {
        using var memory = new ConnectionMemory();
        IMemoryOwner<byte>[] large = [.. Enumerable.Range(0, ConnectionMemory.LargeMax).Select(_ => memory.Rent(4_096))];
        IMemoryOwner<byte>[] small = [.. Enumerable.Range(0, 5_000).Select(_ => memory.Rent())];

        Assert.All(large, block => Assert.Equal(ConnectionMemory.LargeBytes, block.Memory.Length));
        Assert.All(small, block => Assert.Equal(ConnectionMemory.SmallBytes, block.Memory.Length));
        Assert.Equal(large.Length + small.Length, large.Concat(small).Distinct().Count());

        large[7].Dispose();
        Assert.Same(large[7], memory.Rent(1));
        Assert.Equal(ConnectionMemory.SmallBytes, memory.Rent(1).Memory.Length);
        foreach (IMemoryOwner<byte> block in large.Concat(small)) block.Dispose();
        Assert.Same(large[^1], memory.Rent());
    }

    [Fact]
    public void More_than_a_small_block_can_hold_is_not_promised()
    {
        using var memory = new ConnectionMemory();
        Assert.Equal(ConnectionMemory.SmallBytes, memory.MaxBufferSize);
        Assert.Throws<ArgumentOutOfRangeException>(() => memory.Rent(ConnectionMemory.SmallBytes + 1));
    }

    [Fact]
    public void All_listeners_share_one_pool_that_outlives_each_of_them()
    {
        using var memory = new ConnectionMemory();
        Assert.Same(memory, memory.Create());
        memory.Create().Dispose();
        Assert.Equal(ConnectionMemory.LargeBytes, memory.Rent().Memory.Length);
    }
}
