namespace Messaging.Push.Delivery;

/// <summary>Deliveries that are under way: counted, so that who stops waits for them, and watched, so that a bug ends the process instead of a delivery. Thread-safe.</summary>
internal sealed class RunningTasks(Action<Exception> fatal, CancellationToken stopping)
{
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // One is the owner's own.
    private int _count = 1;

    /// <summary>On the thread pool.</summary>
    public void Start(Func<Task> run)
    {
        Interlocked.Increment(ref _count);
        _ = Task.Run(() => WatchAsync(run), CancellationToken.None);
    }

    /// <summary>Once, when nothing is started any more.</summary>
    public Task DrainAsync()
    {
        Leave();
        return _drained.Task;
    }

    private async Task WatchAsync(Func<Task> run)
    {
        try
        {
            await run();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // What was under way is due again when its lease ends.
        }
        catch (Exception fault)
        {
            fatal(fault);
        }
        finally
        {
            Leave();
        }
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _count) == 0) _drained.TrySetResult();
    }
}
