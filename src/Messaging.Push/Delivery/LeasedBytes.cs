namespace Messaging.Push.Delivery;

/// <summary>
/// The memory of all messages that are leased: whoever leases more reserves the most that it may get, waits for that in turn, and gives back what it did not get at once and the rest as it ends. So ten thousand subscriptions
/// of one topic don't hold ten thousand copies of its message. Thread-safe.
/// </summary>
internal sealed class LeasedBytes(long max)
{
    private readonly Lock _lock = new();
    private readonly Queue<(TaskCompletionSource Granted, long Bytes)> _waiting = new();
    private long _left = max;

    /// <summary>At most what there is in all. Who cancels may be granted them nevertheless: cancel when everything ends.</summary>
    public Task ReserveAsync(long bytes, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_waiting.Count == 0 && _left >= bytes)
            {
                _left -= bytes;
                return Task.CompletedTask;
            }

            var granted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue((granted, bytes));
            return granted.Task.WaitAsync(cancellationToken);
        }
    }

    public void Return(long bytes)
    {
        lock (_lock)
        {
            _left += bytes;
            while (_waiting.TryPeek(out (TaskCompletionSource Granted, long Bytes) next) && _left >= next.Bytes)
            {
                _waiting.Dequeue();
                _left -= next.Bytes;
                next.Granted.SetResult();
            }
        }
    }
}
