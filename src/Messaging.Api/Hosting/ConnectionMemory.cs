using System.Buffers;
using Messaging.Http;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Messaging.Api.Hosting;

/// <summary>
/// Kestrel's memory for what it receives and sends, of all connections together. Its own pool has blocks of 4 KiB: a body of 100 KiB comes by 25 system calls, and in pieces that have to be copied
/// together. Here the first <see cref="LargeMax"/> blocks that are in use at one time hold such a body in one piece; who comes when these are out gets small ones. Connections that
/// wait hold none. What the streams of a connection hold is its <see cref="ConnectionShare"/>, and all of these together have a bound. Thread-safe. Hot path.
/// </summary>
internal sealed class ConnectionMemory(BufferBudgets budgets, ILoggerFactory loggers) : MemoryPool<byte>, IMemoryPoolFactory<byte>
{
    /// <summary>Bytes; what is not written to costs no memory.</summary>
    public const int LargeBytes = 256 * 1024;

    /// <summary>Large blocks in all: 32 MiB.</summary>
    public const int LargeMax = 128;

    /// <summary>Bytes: what Kestrel asks for.</summary>
    public const int SmallBytes = 4096;

    /// <summary>Small blocks that are kept for the next use: 16 MiB.</summary>
    private const int SmallKept = 4096;

    private readonly Lock _lock = new();

    // The block that came back last is the one that is in the processor's cache.
    private readonly Stack<Block> _large = new();
    private readonly Stack<Block> _small = new();
    private readonly ConnectionShares _shares = new(budgets);
    private readonly ILogger _logger = loggers.CreateLogger("Messaging.Api");
    private int _largeMade;

    /// <summary>What every block has at least.</summary>
    public override int MaxBufferSize => SmallBytes;

    /// <summary>One pool for all who ask.</summary>
    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => this;

    /// <exception cref="ArgumentOutOfRangeException">More than <see cref="MaxBufferSize"/> was asked for.</exception>
    public override IMemoryOwner<byte> Rent(int minBufferSize = -1) => Rent(minBufferSize, share: null);

    /// <summary>The same for the streams of a connection.</summary>
    public IMemoryOwner<byte> Rent(int minBufferSize, ConnectionShare? share)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, SmallBytes);
        Block block = Take(share) ?? new Block(this, SmallBytes);
        block.Begin(share);
        return block;
    }

    /// <summary>Has each connection take what its streams hold out of a share of its own.</summary>
    public ConnectionDelegate Share(ConnectionDelegate next) => async connection =>
    {
        var share = new ConnectionShare(this, connection, _logger);
        connection.Features.Set<IMemoryPoolFeature>(share);
        lock (_lock)
            _shares.Open(share);
        try
        {
            await next(connection);
        }
        finally
        {
            lock (_lock)
                _shares.Close(share);
        }
    };

    // Kestrel disposes what it has created for each of its listeners; this one is the process's.
    protected override void Dispose(bool disposing)
    {
    }

    // Null: a small one is to be made.
    private Block? Take(ConnectionShare? share)
    {
        lock (_lock)
        {
            if (_large.TryPop(out Block? block))
                return block;
            if (_largeMade == LargeMax)
            {
                if (share is not null && _shares.Add(share, SmallBytes) is { } most)
                    ThreadPool.UnsafeQueueUserWorkItem(most, preferLocal: false);
                return _small.TryPop(out block) ? block : null;
            }
            _largeMade++;
        }
        return new Block(this, LargeBytes);
    }

    private void Return(Block block, ConnectionShare? share)
    {
        lock (_lock)
        {
            if (block.Memory.Length == LargeBytes)
            {
                _large.Push(block);
                return;
            }
            if (share is not null)
                _shares.Add(share, -SmallBytes);
            if (_small.Count < SmallKept)
                _small.Push(block);
        }
    }

    // Pinned, since the socket's calls would otherwise pin it each time.
    private sealed class Block(ConnectionMemory pool, int bytes) : IMemoryOwner<byte>
    {
        private int _isRented;
        private ConnectionShare? _share;

        public Memory<byte> Memory { get; } = GC.AllocateUninitializedArray<byte>(bytes, pinned: true);

        public void Begin(ConnectionShare? share)
        {
            _share = share;
            Volatile.Write(ref _isRented, 1);
        }

        // Once: two connections must never have one block.
        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isRented, 0) == 0)
                return;
            ConnectionShare? share = _share;
            _share = null;
            pool.Return(this, share);
        }
    }
}
