namespace Messaging.Grpc.Streams;

/// <summary>How many messages more a client takes. One gives it, one uses it. Hot path.</summary>
internal sealed class Credit : IDisposable
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _given = new(0, 1);
    private int _count;

    /// <summary>False where that is less than none, or more than <see cref="GrpcLimits.CreditMax"/> together with what was used and is <paramref name="open"/> still.</summary>
    public bool TryAdd(int count, int open)
    {
        lock (_lock)
        {
            if (count < 0 || count > GrpcLimits.CreditMax - _count - open)
                return false;
            _count += count;
            if (_given.CurrentCount == 0)
                _given.Release();
            return true;
        }
    }

    public void Take(int count)
    {
        lock (_lock)
            _count -= count;
    }

    /// <summary>What there is, once there is any.</summary>
    public async ValueTask<int> WaitAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            lock (_lock)
            {
                if (_count > 0)
                    return _count;
            }
            await _given.WaitAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _given.Dispose();
}
