using System.Diagnostics.CodeAnalysis;

namespace Messaging.Storage.Journal;

/// <summary>
/// Writes the journal, one thread at a time: takes a frame, writes it, syncs it, completes it, without lingering: while one sync runs, the
/// next frame gathers. A failing write or sync stops the engine at once; nothing is ever tried again (engine.md section 9).
/// </summary>
/// <remarks>
/// There are two threads, so that the one that has synced the frame of a single caller can answer it itself, where nothing else is pending,
/// while the other stands ready for what comes: a hand-over to the pool was an eighth of a lone sender's time.
/// </remarks>
internal sealed class JournalLoop(CommitQueue queue, JournalWriter writer, Action slotTaken, Action<Exception> failed)
{
    private const int ThreadCount = 2;
    private const int YieldsBetweenFrames = 3;
    private Thread[] _threads = [];
    private volatile bool _isStopping;
    private bool _isStopped;

    public void Start()
    {
        _threads = [.. Enumerable.Range(0, ThreadCount).Select(_ => new Thread(Run) { Name = "journal", IsBackground = true })];
        foreach (Thread thread in _threads)
        {
            thread.Start();
        }
    }

    /// <summary>Ends the threads, then writes what is pending. Who was answered by one of them may call it from there.</summary>
    public void Stop()
    {
        _isStopping = true;
        queue.Duty.WakeAlways();
        foreach (Thread thread in _threads.Where(thread => thread != Thread.CurrentThread))
        {
            thread.Join();
        }

        _isStopped = true;
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

        FrameCompletion.Start(queue, frame, here: _threads.Length == 0);
        return true;
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

        if (!_isStopped)
        {
            queue.Duty.WakeAlways();
        }
    }

    // On duty, until nothing is pending.
    private void Serve()
    {
        PendingFrame? lone = null;
        while (lone is null && TryCommit(out PendingFrame? frame))
        {
            if (frame.Waiters.Length == 1 && queue.Duty.IsCovered && !queue.HasWork())
            {
                lone = frame;
            }
            else
            {
                FrameCompletion.Start(queue, frame, here: false);
                LetCallersJoin();
            }
        }

        queue.Duty.GiveUp();
        if (lone is not null)
        {
            if (queue.HasWork())
            {
                queue.Duty.Wake();
            }

            FrameCompletion.Start(queue, lone, here: true);
        }
    }

    // Who is ready to run on this processor comes first, a few turns long: with processors scarce, more callers share the next frame, and a
    // frame costs as much processor as several calls. Nothing waits where a processor is idle.
    private static void LetCallersJoin()
    {
        for (int turn = 0; turn < YieldsBetweenFrames; turn++)
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

    // Not here where threads run: this one is on duty, and who goes on may take long.
    private void Complete(CommitWaiter waiter, Exception fault)
    {
        if (_threads.Length == 0)
        {
            waiter.Complete(fault);
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(static failed => failed.waiter.Complete(failed.fault), (waiter, fault), preferLocal: false);
        }
    }
}
