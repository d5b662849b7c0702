namespace Messaging.Storage.Journal;

/// <summary>
/// The journal's one thread: takes a frame, writes it, syncs it, completes it, without lingering: while one sync runs, the
/// next frame gathers. A failing write or sync stops the engine at once; nothing is ever tried again (engine.md section 9).
/// </summary>
internal sealed class JournalLoop(CommitQueue queue, JournalWriter writer, Action slotTaken, Action<Exception> failed)
{
    private Thread? _thread;
    private volatile bool _isStopping;

    public void Start()
    {
        _thread = new Thread(Run) { Name = "journal", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Writes what is pending, then ends the thread.</summary>
    public void Stop()
    {
        _isStopping = true;
        queue.WakeAlways();
        _thread?.Join();
        while (CommitOnce())
        {
        }
    }

    /// <summary>One turn; false when nothing was pending.</summary>
    public bool CommitOnce()
    {
        PendingFrame? frame = queue.Take();
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
        FrameCompletion.Start(queue, frame, here: _thread is null);
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

    // Not here where this is the journal's thread: who goes on may dispose the engine, which waits for this thread.
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

    private void Run()
    {
        while (!_isStopping)
        {
            if (!CommitOnce())
            {
                queue.WaitForWork(() => _isStopping);
            }
        }
    }
}
