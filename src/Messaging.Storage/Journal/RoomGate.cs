namespace Messaging.Storage.Journal;

/// <summary>Where callers wait while too much is pending or the ring is nearly full. Thread-safe.</summary>
internal sealed class RoomGate
{
    private TaskCompletionSource? _next;

    /// <summary>Something was written or retired: whoever waits looks again.</summary>
    public void Pulse()
    {
        if (Volatile.Read(ref _next) is not null)
        {
            Interlocked.Exchange(ref _next, null)?.TrySetResult();
        }
    }

    public async Task WaitAsync(Func<bool> hasRoom, CancellationToken cancellationToken)
    {
        while (!hasRoom())
        {
            var fresh = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            TaskCompletionSource next = Interlocked.CompareExchange(ref _next, fresh, null) ?? fresh;
            if (hasRoom())
            {
                return;
            }

            await next.Task.WaitAsync(cancellationToken);
        }
    }
}
