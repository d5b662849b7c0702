using System.Buffers;
using Messaging.Api.Hosting;
using Messaging.Http;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Logging.Abstractions;

namespace Messaging.Api.Tests.Hosting;

public sealed class ConnectionMemoryTests
{
    [Fact]
    public void Large_blocks_are_bounded_and_small_ones_stand_in_for_them()
    {
        using var memory = Memory();
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
        using var memory = Memory();
        Assert.Equal(ConnectionMemory.SmallBytes, memory.MaxBufferSize);
        Assert.Throws<ArgumentOutOfRangeException>(() => memory.Rent(ConnectionMemory.SmallBytes + 1));
    }

    [Fact]
    public void All_listeners_share_one_pool_that_outlives_each_of_them()
    {
        using var memory = Memory();
        Assert.Same(memory, memory.Create());
        memory.Create().Dispose();
        Assert.Equal(ConnectionMemory.LargeBytes, memory.Rent().Memory.Length);
    }

    [Fact]
    public async Task Where_streams_hold_too_much_the_connection_that_holds_the_most_of_it_is_cut()
    {
        // An eighth of it is ten blocks.
        using var memory = Memory(8 * 10 * ConnectionMemory.SmallBytes);
        await using var one = new Served(memory);
        await using var other = new Served(memory);
        IMemoryOwner<byte>[] large = [.. Enumerable.Range(0, ConnectionMemory.LargeMax).Select(_ => one.Pool.Rent())];
        IMemoryOwner<byte>[] few = [.. Enumerable.Range(0, 4).Select(_ => one.Pool.Rent())];
        IMemoryOwner<byte>[] most = [.. Enumerable.Range(0, 6).Select(_ => other.Pool.Rent())];
        IMemoryOwner<byte>[] connections = [.. Enumerable.Range(0, 20).Select(_ => memory.Rent())];
        Assert.Equal((false, false), (one.IsCut, other.IsCut));

        few[3].Dispose();
        IMemoryOwner<byte>[] again = [one.Pool.Rent(), one.Pool.Rent()];
        await other.CutAsync();
        // What it holds comes back in its time, and counts no more.
        IMemoryOwner<byte>[] more = [.. Enumerable.Range(0, 5).Select(_ => one.Pool.Rent())];
        Assert.False(one.IsCut);
        foreach (IMemoryOwner<byte> block in most) block.Dispose();
        IMemoryOwner<byte> last = one.Pool.Rent();

        await one.CutAsync();
        foreach (IMemoryOwner<byte> block in (IMemoryOwner<byte>[])[.. large, .. few, .. connections, .. again, .. more, last]) block.Dispose();
    }

    [Fact]
    public async Task What_large_requests_and_answers_have_taken_is_theirs_and_who_has_left_holds_nothing()
    {
        using var budgets = new BufferBudgets(8 * 10 * ConnectionMemory.SmallBytes);
        using var memory = new ConnectionMemory(budgets, NullLoggerFactory.Instance);
        for (int i = 0; i < ConnectionMemory.LargeMax; i++) memory.Rent();
        await using var one = new Served(memory);
        await using (var gone = new Served(memory))
        {
            for (int i = 0; i < 10; i++) gone.Pool.Rent();
        }
        Assert.True(budgets.Bodies.TryTake(3 * ConnectionMemory.SmallBytes));
        Assert.True(budgets.Answers.TryTake(2 * ConnectionMemory.SmallBytes));

        for (int i = 0; i < 15; i++) one.Pool.Rent();
        Assert.False(one.IsCut);
        one.Pool.Rent();

        await one.CutAsync();
    }

    private static ConnectionMemory Memory(long bytes = long.MaxValue) => new(new BufferBudgets(bytes), NullLoggerFactory.Instance);

    // A connection as Kestrel serves it, until this is disposed.
    private sealed class Served : IAsyncDisposable
    {
        private readonly DefaultConnectionContext _connection = new();
        private readonly TaskCompletionSource _end = new();
        private readonly Task _served;

        public Served(ConnectionMemory memory) => _served = memory.Share(_ => _end.Task)(_connection);

        public MemoryPool<byte> Pool => _connection.Features.Get<IMemoryPoolFeature>()!.MemoryPool;

        public bool IsCut => _connection.ConnectionClosed.IsCancellationRequested;

        public async Task CutAsync()
        {
            while (!IsCut) await Task.Yield();
        }

        public async ValueTask DisposeAsync()
        {
            _end.SetResult();
            await _served;
            await _connection.DisposeAsync();
        }
    }
}
