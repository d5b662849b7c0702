using Messaging.Grpc.Errors;
using Messaging.Http;

namespace Messaging.Grpc.Streams;

/// <summary>
/// Between what reads a stream and what works on it: while the one batch is being committed the next one gathers, and all of it is taken at once. A full one makes the reader wait, and so the client, by HTTP/2's flow
/// control. All that is here, what is worked on too, counts in the bound of all bodies that are buffered, once it is more than a little. One reader, one worker. Hot path.
/// </summary>
/// <param name="entriesMax">Of one batch, or one item.</param>
/// <param name="bytesMax">Of one batch, or one item.</param>
/// <param name="budget">The bound of all bodies.</param>
internal sealed class Gathering<TItem>(int entriesMax, long bytesMax, BufferBudget budget) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _arrived = new(0, 1);
    private readonly SemaphoreSlim _left = new(0, 1);
    private readonly BudgetShare _share = new(budget, GrpcLimits.UncountedBytesMax);
    private List<TItem> _items = [];
    private List<TItem> _taken = [];
    private int _entries;
    private long _bytes;
    private long _takenBytes;
    private long _heldBytes;
    private bool _hasEnded;

    /// <summary>Waits while it is full; throws where there is no place for the item.</summary>
    public async ValueTask AddAsync(TItem item, int entries, long bytes, CancellationToken cancellationToken)
    {
        if (!TryHold(bytes))
            throw Refusal.NoPlace(bytes, budget);
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

    /// <summary>All that has gathered, until the next call, which says that it is done: nothing of it is held then. Null when nothing more will come.</summary>
    public async ValueTask<List<TItem>?> TakeAsync(CancellationToken cancellationToken)
    {
        LeaveTaken();
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
        _share.Dispose();
    }

    // Also while it waits to be added.
    private bool TryHold(long bytes)
    {
        lock (_lock)
        {
            if (!_share.TryHold(_heldBytes + bytes))
                return false;
            _heldBytes += bytes;
            return true;
        }
    }

    private void LeaveTaken()
    {
        lock (_lock)
        {
            _taken.Clear();
            _heldBytes -= _takenBytes;
            _takenBytes = 0;
            // There is always a place for less.
            _share.TryHold(_heldBytes);
        }
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
            (_items, _taken) = (_taken, _items);
            (_entries, _bytes, _takenBytes) = (0, 0, _bytes);
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
