namespace Messaging.Storage.Journal;

/// <summary>
/// The sequencer's lock and the frames that gather under it (engine.md section 5). Commands fill the open frame one at a
/// time; the journal's thread takes whole frames, oldest first; at most one is in flight. Thread-safe.
/// </summary>
internal sealed class CommitQueue(int frameBytesMax) : IDisposable
{
    private const int IdleFramesKept = 4;
    private readonly Queue<PendingFrame> _closed = new();
    private readonly Stack<PendingFrame> _idle = new();
    private readonly AutoResetEvent _wake = new(false);
    private PendingFrame? _open;
    private PendingFrame? _inFlight;
    private long _lastNumber;
    private bool _isWaiting;
    private Exception? _fault;

    /// <summary>The one lock of the sequencer.</summary>
    public Lock Gate { get; } = new();

    public bool HasFailed => Volatile.Read(ref _fault) is not null;

    /// <summary>The position after the newest written frame; inside the gate and only while nothing is in flight.</summary>
    public JournalPosition Position { get; set; }

    /// <summary>Inside the gate: a frame that a command of at most <paramref name="bytes"/> fits into as a whole.</summary>
    public PendingFrame Open(int bytes)
    {
        if (_fault is not null)
        {
            throw new StorageFaultException(StorageFault.Io, "The journal has failed; the engine is stopped.", _fault);
        }

        Invariant.Check(bytes <= frameBytesMax - JournalFormat.FrameHeaderBytes, "a command fits into one frame");
        if (_open is not null && _open.Bytes + bytes > Math.Min(frameBytesMax, StorageLimits.FrameBytesTarget) && !_open.IsEmpty)
        {
            Close();
        }

        return OpenFrame();
    }

    /// <summary>Inside the gate: a wait for everything that was sequenced so far; completed where that is synced.</summary>
    public ValueTask Commit(bool hasAppended)
    {
        bool allSynced = _inFlight is null && _closed.Count == 0 && _open is null or { HasWork: false };
        return allSynced && !hasAppended ? ValueTask.CompletedTask : OpenFrame().AddWaiter().Task;
    }

    /// <summary>Inside the gate: the place after the newest command; later commands go into later frames.</summary>
    public JournalMark Mark()
    {
        var mark = new JournalMark();
        if (_fault is not null)
        {
            // What is in memory was never synced: a checkpoint of it would bring it back.
            mark.Fail(_fault);
        }
        else if (_open is null or { HasWork: false } && _closed.Count == 0 && _inFlight is null)
        {
            mark.Reach(Position);
        }
        else
        {
            OpenFrame().Mark = mark;
            Close();
        }

        return mark;
    }

    /// <summary>Takes the next frame, which is in flight until <see cref="EndFlight"/>; null when there is none.</summary>
    public PendingFrame? Take()
    {
        lock (Gate)
        {
            if (_closed.Count == 0 && _open is { HasWork: true })
            {
                Close();
            }

            return _closed.TryDequeue(out _inFlight) ? _inFlight : null;
        }
    }

    /// <summary>The frame in flight is synced (or, when it was empty, all before it are).</summary>
    public void EndFlight(JournalPosition position)
    {
        PendingFrame frame;
        lock (Gate)
        {
            frame = _inFlight!;
            _inFlight = null;
            Position = position;
        }

        frame.Mark?.Reach(position);
    }

    /// <summary>Gives a completed frame back.</summary>
    public void Recycle(PendingFrame frame)
    {
        frame.Reset();
        lock (Gate)
        {
            if (_idle.Count < IdleFramesKept)
            {
                _idle.Push(frame);
            }
        }
    }

    /// <summary>The journal failed: nothing is admitted any more; returns the frames whose waiters get no good answer.</summary>
    public IReadOnlyList<PendingFrame> Fail(Exception fault)
    {
        lock (Gate)
        {
            _fault = fault;
            var frames = new List<PendingFrame>();
            if (_inFlight is not null)
            {
                frames.Add(_inFlight);
            }

            frames.AddRange(_closed);
            if (_open is not null)
            {
                frames.Add(_open);
            }

            (_inFlight, _open) = (null, null);
            _closed.Clear();
            return frames;
        }
    }

    /// <summary>Wakes the journal's thread when it waits. Call outside the gate: it is a system call.</summary>
    public void Wake()
    {
        if (Volatile.Read(ref _isWaiting))
        {
            _wake.Set();
        }
    }

    /// <summary>
    /// Wakes the journal's thread, or keeps it from falling asleep: for who has not been inside the gate before, and so can't know
    /// whether that thread, on its way to sleep, saw what it wrote.
    /// </summary>
    public void WakeAlways() => _wake.Set();

    /// <summary>Blocks the journal's thread until there may be work.</summary>
    public void WaitForWork(Func<bool> isStopping)
    {
        Volatile.Write(ref _isWaiting, true);
        Interlocked.MemoryBarrier();
        bool hasWork;
        lock (Gate)
        {
            hasWork = _closed.Count > 0 || _open is { HasWork: true };
        }

        if (!hasWork && !isStopping())
        {
            _wake.WaitOne();
        }

        Volatile.Write(ref _isWaiting, false);
    }

    public void Dispose() => _wake.Dispose();

    private PendingFrame OpenFrame()
    {
        if (_open is null)
        {
            _open = _idle.TryPop(out PendingFrame? idle) ? idle : new PendingFrame();
            _open.Begin(++_lastNumber);
        }

        return _open;
    }

    private void Close()
    {
        _closed.Enqueue(_open!);
        _open = null;
    }
}
