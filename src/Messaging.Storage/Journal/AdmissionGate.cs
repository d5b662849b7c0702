namespace Messaging.Storage.Journal;

/// <summary>
/// Admits commands by the bytes that they may append, so that all that is under way fits into slots that exist already: the journal never
/// has to grow on a full disk. Commands that append records leave <see cref="SlotsForState"/> slots to those of state alone, so that
/// receives and acknowledgements go on where the disk is full and nothing can be flushed: a checkpoint frees the slots that hold state
/// only (engine.md section 9). Whoever finds no room waits in line, records and state each in their own. Thread-safe.
/// </summary>
/// <remarks>
/// Frames do not span slots, and two that follow each other may not fit into one: n free slots are sure to take (n + 1) / 2 slots of bytes.
/// Bytes are those of a frame of its own, padding included: callers that come one by one get no other.
/// </remarks>
internal sealed class AdmissionGate(JournalRing ring, int slotBytes, Func<bool> recordsAreRefused)
{
    /// <summary>One may be filled with what was admitted together with records, one is filled next, one is freed meanwhile.</summary>
    public const int SlotsForState = 3;

    /// <summary>State may be under way beside as many records as there may be at most.</summary>
    private readonly int _bytesOfStateMax = slotBytes + (slotBytes / 8);
    private readonly Lock _lock = new();
    private readonly Line _records = new();
    private readonly Line _state = new();
    private long _held;
    private long _waits;
    private volatile bool _isClosed;

    /// <summary>Callers that wait in line now.</summary>
    public int Waiting => _records.Count + _state.Count;

    /// <summary>Calls that had to wait, so far.</summary>
    public long Waits => Volatile.Read(ref _waits);

    public ValueTask<Admission> EnterAsync(int bytes, bool hasRecords, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (IsRefused(hasRecords))
        {
            return new ValueTask<Admission>(Admission.Refused);
        }

        int frameBytes = FrameBytes(bytes);
        return LineOf(hasRecords).Count == 0 && TryHold(frameBytes, hasRecords)
            ? new ValueTask<Admission>(Admission.Of(this, frameBytes))
            : new ValueTask<Admission>(WaitAsync(new Waiter(frameBytes, hasRecords), cancellationToken));
    }

    /// <summary>Whether a command would be admitted now.</summary>
    public bool HasRoom(int bytes, bool hasRecords) =>
        LineOf(hasRecords).Count == 0 && !IsRefused(hasRecords) && Fits(Volatile.Read(ref _held), FrameBytes(bytes), hasRecords);

    /// <summary>What an <see cref="Admission"/> holds is free again.</summary>
    public void Leave(int frameBytes)
    {
        Interlocked.Add(ref _held, -frameBytes);
        Pulse();
    }

    /// <summary>Slots are free again, or records are refused from now on: whoever waits may go on.</summary>
    public void Pulse()
    {
        if (Waiting == 0)
        {
            return;
        }

        lock (_lock)
        {
            Serve(_state);
            Serve(_records);
        }
    }

    /// <summary>Nobody is admitted any more; whoever waits is refused.</summary>
    public void Close()
    {
        _isClosed = true;

        // Who has not seen that is in a line by now, or else sees it there.
        Interlocked.MemoryBarrier();
        Pulse();
    }

    private async Task<Admission> WaitAsync(Waiter waiter, CancellationToken cancellationToken)
    {
        Line line = LineOf(waiter.HasRecords);
        lock (_lock)
        {
            line.Add(waiter);
            _waits++;
        }

        // What left before it saw the new waiter has woken nobody.
        Pulse();
        await using (cancellationToken.UnsafeRegister(static waiter => ((Waiter)waiter!).TrySetCanceled(), waiter))
        {
            try
            {
                return await waiter.Task;
            }
            catch (OperationCanceledException)
            {
                Forget(line, waiter);
                throw new OperationCanceledException(cancellationToken);
            }
        }
    }

    private void Forget(Line line, Waiter waiter)
    {
        lock (_lock)
        {
            line.Remove(waiter);
        }

        // It may have stood before others that fit.
        Pulse();
    }

    private static int FrameBytes(int bytes) => (int)JournalFormat.Align(JournalFormat.FrameHeaderBytes + bytes);

    private Line LineOf(bool hasRecords) => hasRecords ? _records : _state;

    private void Serve(Line line)
    {
        while (line.First is { } waiter)
        {
            bool isRefused = IsRefused(waiter.HasRecords);
            if (!isRefused && !TryHold(waiter.Bytes, waiter.HasRecords))
            {
                return;
            }

            line.Remove(waiter);
            bool isThere = waiter.TrySetResult(isRefused ? Admission.Refused : Admission.Of(this, waiter.Bytes));
            if (!isThere && !isRefused)
            {
                Interlocked.Add(ref _held, -waiter.Bytes);
            }
        }
    }

    private bool IsRefused(bool hasRecords) => _isClosed || (hasRecords && recordsAreRefused());

    private bool TryHold(int bytes, bool hasRecords)
    {
        long held = Volatile.Read(ref _held);
        while (Fits(held, bytes, hasRecords))
        {
            long seen = Interlocked.CompareExchange(ref _held, held + bytes, held);
            if (seen == held)
            {
                return true;
            }

            held = seen;
        }

        return false;
    }

    private bool Fits(long held, int bytes, bool hasRecords)
    {
        long after = held + bytes;
        int free = ring.FreeCount;
        if (hasRecords)
        {
            return free > SlotsForState && after <= slotBytes;
        }

        return free switch
        {
            0 => after <= ring.WriterBytesLeft / 2,
            1 or 2 => after <= slotBytes / 2,
            _ => after <= _bytesOfStateMax,
        };
    }

    /// <summary>Guarded by the gate's lock, but for the count.</summary>
    private sealed class Line
    {
        private readonly LinkedList<Waiter> _waiters = [];
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public Waiter? First => _waiters.First?.Value;

        public void Add(Waiter waiter)
        {
            _waiters.AddLast(waiter);
            Interlocked.Exchange(ref _count, _waiters.Count);
        }

        public void Remove(Waiter waiter)
        {
            _waiters.Remove(waiter);
            Volatile.Write(ref _count, _waiters.Count);
        }
    }

    private sealed class Waiter(int bytes, bool hasRecords) : TaskCompletionSource<Admission>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public int Bytes => bytes;

        public bool HasRecords => hasRecords;
    }
}
