using System.Threading.Tasks.Sources;

namespace Messaging.Storage.Journal;

/// <summary>
/// One command's wait for its frame, pooled: the awaiting method gets it back into the pool by awaiting once. Continuations
/// run inline on the thread that completes the frame's waiters, which the journal does not wait for.
/// </summary>
internal sealed class CommitWaiter : IValueTaskSource
{
    private const int PooledPerThread = 256;

    // Waiters are rented and given back on pool threads: a stack for each needs no lock.
    [ThreadStatic]
    private static Stack<CommitWaiter>? _pool;
    private ManualResetValueTaskSourceCore<bool> _core;

    public static CommitWaiter Rent() => _pool is not null && _pool.TryPop(out CommitWaiter? waiter) ? waiter : new CommitWaiter();

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
            _pool ??= new Stack<CommitWaiter>();
            if (_pool.Count < PooledPerThread)
            {
                _pool.Push(this);
            }
        }
    }

    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
