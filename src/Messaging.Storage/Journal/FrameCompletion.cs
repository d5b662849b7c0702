namespace Messaging.Storage.Journal;

/// <summary>
/// Completes the waiters of one synced frame on the thread pool, a few lanes sharing them, so that a slow continuation holds up only its
/// own lane and never the journal; or here, where the only waiter is this thread's own.
/// </summary>
internal sealed class FrameCompletion(CommitQueue queue, PendingFrame frame) : IThreadPoolWorkItem
{
    private const int WaitersPerLane = 8;
    private static readonly int LanesMax = Math.Max(2, Environment.ProcessorCount);
    private int _next = -1;
    private int _lanes;

    /// <summary><paramref name="here"/>: before this returns, on the calling thread, where that is the lone waiter's own (<see cref="JournalLoop.CommitHere"/>), or the
    /// simulation's, which knows then which commits have completed.</summary>
    public static void Start(CommitQueue queue, PendingFrame frame, bool here)
    {
        int waiters = frame.Waiters.Length;
        if (waiters == 0)
        {
            queue.Recycle(frame);
            return;
        }

        if (here)
        {
            new FrameCompletion(queue, frame) { _lanes = 1 }.Execute();
            return;
        }

        int lanes = Math.Min(LanesMax, (waiters + WaitersPerLane - 1) / WaitersPerLane);
        var completion = new FrameCompletion(queue, frame) { _lanes = lanes };
        for (int lane = 0; lane < lanes; lane++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(completion, preferLocal: false);
        }
    }

    public void Execute()
    {
        int count = frame.Waiters.Length;
        for (int index = Interlocked.Increment(ref _next); index < count; index = Interlocked.Increment(ref _next))
        {
            frame.Waiters[index].Complete(null);
        }

        if (Interlocked.Decrement(ref _lanes) == 0)
        {
            queue.Recycle(frame);
        }
    }
}
