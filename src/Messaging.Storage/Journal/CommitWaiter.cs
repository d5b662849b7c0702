using System.Threading.Tasks.Sources;

namespace Messaging.Storage.Journal;

/// <summary>
/// One command's wait for its frame, pooled: the awaiting method gets it back into the pool by awaiting once. Continuations
/// run inline on the pool thread that completes the frame's waiters, never on the journal's thread.
/// </summary>
internal sealed class CommitWaiter : IValueTaskSource
{
    private const int PooledMax = 1024;
    private static readonly System.Collections.Concurrent.ConcurrentQueue<CommitWaiter> Pool = new();
    private ManualResetValueTaskSourceCore<bool> _core;

    public static CommitWaiter Rent() => Pool.TryDequeue(out CommitWaiter? waiter) ? waiter : new CommitWaiter();

    public ValueTask Task => new(this, _core.Version);

    public void Complete(Exception? fault)
    {
        if (fault is null)
        {
            _core.SetResult(true);
        }
        else
        {
            _core.SetException(fault);
        }
    }

    public void GetResult(short token)
    {
        try
        {
            _core.GetResult(token);
        }
        finally
        {
            _core.Reset();
            if (Pool.Count < PooledMax)
            {
                Pool.Enqueue(this);
            }
        }
    }

    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
