namespace Messaging.Broker.Queues;

/// <summary>Calls that are under way, so that a stop can wait for them. Safe for concurrent calls.</summary>
internal sealed class CallCounter
{
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // One for the broker itself, until it stops.
    private int _count = 1;

    public Call Enter()
    {
        Interlocked.Increment(ref _count);
        return new Call(this);
    }

    /// <summary>Once, after new calls are refused: completes when the last one has ended. A call that comes later finds the refusal, not the engine.</summary>
    public Task DrainAsync()
    {
        Exit();
        return _drained.Task;
    }

    private void Exit()
    {
        if (Interlocked.Decrement(ref _count) == 0) _drained.TrySetResult();
    }

    /// <summary>One call; dispose it at the end.</summary>
    internal readonly struct Call(CallCounter counter) : IDisposable
    {
        public void Dispose() => counter.Exit();
    }
}
