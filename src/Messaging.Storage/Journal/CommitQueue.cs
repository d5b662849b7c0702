namespace Messaging.Storage.Journal;

/// <summary>
/// The sequencer's lock and the frames that gather under it (engine.md section 5). Commands fill the open frame one at a
/// time; the thread that writes the journal takes whole frames, oldest first; at most one is in flight. Thread-safe.
/// </summary>
internal sealed class CommitQueue : IDisposable
{
    private const int IdleFramesKept = 4;
    private readonly int _frameBytesMax;
    private readonly Queue<PendingFrame> _closed = new();
    private readonly Stack<PendingFrame> _idle = new();
    private PendingFrame? _open;
    private PendingFrame? _inFlight;
    private long _lastNumber;
    private Exception? _fault;

    public CommitQueue(int frameBytesMax)
    {
        _frameBytesMax = frameBytesMax;
        Duty = new JournalDuty(HasWork);
    }

    /// <summary>Who writes what is sequenced.</summary>
    public JournalDuty Duty { get; }

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

        Invariant.Check(bytes <= _frameBytesMax - JournalFormat.FrameHeaderBytes, "a command fits into one frame");
        if (_open is not null && _open.Bytes + bytes > Math.Min(_frameBytesMax, StorageLimits.FrameBytesTarget) && !_open.IsEmpty)
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

    /// <summary>A frame is being written or synced. A momentary value, from any thread.</summary>
    public bool IsInFlight => Volatile.Read(ref _inFlight) is not null;

    /// <summary>A frame waits that nobody can join any more, or that has so many bytes.</summary>
    public bool HasFrameOf(int bytes)
    {
        lock (Gate)
        {
            return _closed.Count > 0 || _open?.Bytes >= bytes;
        }
    }

    /// <summary>Something waits to be written or completed.</summary>
    public bool HasWork()
    {
        lock (Gate)
        {
            return _closed.Count > 0 || _open is { HasWork: true };
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

    public void Dispose() => Duty.Dispose();

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
