using System.Diagnostics.CodeAnalysis;

namespace Messaging.Storage.Journal;

/// <summary>
/// Writes the journal, one thread at a time: takes a frame, writes it, syncs it, completes it, without lingering: while one sync runs, the
/// next frame gathers. A failing write or sync stops the engine at once; nothing is ever tried again (engine.md section 9).
/// </summary>
/// <remarks>
/// It has a thread of its own; a caller who is alone writes and syncs its frame itself (<see cref="CommitHere"/>), since waking that thread and being woken by it
/// is a fifth of a lone sender's time over REST (one-sender).
/// </remarks>
internal sealed class JournalLoop(CommitQueue queue, JournalWriter writer, Action slotTaken, Action<Exception> failed)
{
    private const int YieldsBetweenFrames = 3;

    /// <summary>What the disk takes longer for than for the sync itself. Bytes.</summary>
    private const int LargeFrameBytes = 128 << 10;

    /// <summary>So many frames of a single caller tell that there is only one; of a few callers each would keep a pool thread from the others.</summary>
    private const int LoneFramesBefore = 16;

    // On a single processor the other callers could not even get as far as the next frame meanwhile.
    private static readonly bool CallersMayCommit = Environment.ProcessorCount > 1;
    private Thread? _thread;
    private volatile int _loneFrames;
    private volatile bool _isStopping;

    public void Start()
    {
        _thread = new Thread(Run) { Name = "journal", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Ends the thread, then writes what is pending. Callers commit nothing from here on.</summary>
    public void Stop()
    {
        _isStopping = true;
        queue.Duty.WakeAlways();
        _thread?.Join();

        // A caller may be writing still.
        SpinWait.SpinUntil(queue.Duty.TryTake);
        while (CommitOnce())
        {
        }
    }

    /// <summary>One turn; false when nothing was pending.</summary>
    public bool CommitOnce()
    {
        if (!TryCommit(out PendingFrame? frame))
        {
            return false;
        }

        FrameCompletion.Start(queue, frame, here: _thread is null);
        return true;
    }

    /// <summary>
    /// Writes and syncs the next frame on the calling thread, which is alone and has just committed to the frame of that number; leaves it to the
    /// journal's thread where that is on duty.
    /// </summary>
    public void CommitHere(long frameNumber)
    {
        if (_thread is null || !CallersMayCommit || _loneFrames < LoneFramesBefore || !queue.Duty.TryTake())
        {
            queue.Duty.Wake();
            return;
        }

        PendingFrame? frame;
        bool isSynced = false;
        try
        {
            isSynced = TryCommit(out frame);
        }
        finally
        {
            queue.Duty.GiveUp();
            if (queue.HasWork())
            {
                queue.Duty.Wake();
            }
        }

        if (isSynced)
        {
            FrameCompletion.Start(queue, frame!, here: frame!.Number == frameNumber && frame.Waiters.Length == 1);
        }
    }

    private void Run()
    {
        Func<bool> isStopping = () => _isStopping;
        while (!_isStopping)
        {
            queue.Duty.Wait(isStopping);
            while (!_isStopping && queue.HasWork() && queue.Duty.TryTake())
            {
                Serve();
            }
        }
    }

    // On duty, until nothing is pending.
    private void Serve()
    {
        while (TryCommit(out PendingFrame? frame))
        {
            FrameCompletion.Start(queue, frame, here: false);
            LetCallersJoin();
        }

        queue.Duty.GiveUp();
    }

    // Who is ready to run on this processor comes first, a few turns long: with processors scarce, more callers share the next frame, and a
    // frame costs as much processor as several calls (rest-send/cpu: a tenth less). Not where a frame is large already: the disk takes longer for it than for a sync.
    private void LetCallersJoin()
    {
        for (int turn = 0; turn < YieldsBetweenFrames && !queue.HasFrameOf(LargeFrameBytes); turn++)
        {
            Thread.Yield();
        }
    }

    private bool TryCommit([NotNullWhen(true)] out PendingFrame? frame)
    {
        frame = queue.Take();
        if (frame is null)
        {
            return false;
        }

        try
        {
            if (!frame.IsEmpty)
            {
                if (writer.PrepareFor(frame))
                {
                    slotTaken();
                }

                writer.Write(frame);
            }
        }
        catch (Exception fault)
        {
            Fail(fault);
            return false;
        }

        queue.EndFlight(writer.Position);
        _loneFrames = frame.Waiters.Length > 1 ? 0 : Math.Min(_loneFrames + 1, LoneFramesBefore);
        return true;
    }

    // First the end of the process, so that no client is told of an outcome that nobody knows; who outlives it gets the fault. Until then
    // newcomers wait behind the frame in flight: a queue that has failed would refuse them, and they would be answered.
    private void Fail(Exception fault)
    {
        try
        {
            failed(fault);
        }
        finally
        {
            foreach (PendingFrame frame in queue.Fail(fault))
            {
                frame.Mark?.Fail(fault);
                foreach (CommitWaiter waiter in frame.Waiters)
                {
                    Complete(waiter, fault);
                }
            }
        }
    }

    // Not here where a thread runs: this one is on duty, and who goes on may take long.
    private void Complete(CommitWaiter waiter, Exception fault)
    {
        if (_thread is null)
        {
            waiter.Complete(fault);
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(static failed => failed.waiter.Complete(failed.fault), (waiter, fault), preferLocal: false);
        }
    }
}
