namespace Messaging.Grpc.Streams;

/// <summary>
/// Between what reads a stream and what works on it: while the one batch is being committed the next one gathers, and all of it is taken at once. A full one makes the reader wait, and so the client, by HTTP/2's flow
/// control. One reader, one worker. Hot path.
/// </summary>
/// <param name="entriesMax">Of one batch, or one item.</param>
/// <param name="bytesMax">Of one batch, or one item.</param>
internal sealed class Gathering<TItem>(int entriesMax, long bytesMax) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _arrived = new(0, 1);
    private readonly SemaphoreSlim _left = new(0, 1);
    private List<TItem> _items = [];
    private List<TItem> _spare = [];
    private int _entries;
    private long _bytes;
    private bool _hasEnded;

    public async ValueTask AddAsync(TItem item, int entries, long bytes, CancellationToken cancellationToken)
    {
        while (!TryAdd(item, entries, bytes))
            await _left.WaitAsync(cancellationToken);
        Signal(_arrived);
    }

    /// <summary>Nothing more will come.</summary>
    public void End()
    {
        lock (_lock)
            _hasEnded = true;
        Signal(_arrived);
    }

    /// <summary>All that has gathered, until the next call; null when nothing more will come.</summary>
    public async ValueTask<List<TItem>?> TakeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TryTake(out List<TItem>? taken))
                return taken;
            await _arrived.WaitAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _arrived.Dispose();
        _left.Dispose();
    }

    private bool TryAdd(TItem item, int entries, long bytes)
    {
        lock (_lock)
        {
            if (_items.Count > 0 && (_entries + entries > entriesMax || _bytes + bytes > bytesMax))
                return false;
            _items.Add(item);
            _entries += entries;
            _bytes += bytes;
            return true;
        }
    }

    private bool TryTake(out List<TItem>? taken)
    {
        lock (_lock)
        {
            taken = null;
            if (_items.Count == 0)
                return _hasEnded;
            taken = _items;
            _spare.Clear();
            (_items, _spare) = (_spare, _items);
            (_entries, _bytes) = (0, 0);
        }
        Signal(_left);
        return true;
    }

    private void Signal(SemaphoreSlim signal)
    {
        // Both sides may signal, and one signal is enough: whoever waits looks again.
        lock (_lock)
        {
            if (signal.CurrentCount == 0)
                signal.Release();
        }
    }
}
