namespace Messaging.Storage.Journal;

/// <summary>
/// Admits commands by the bytes that they may append, so that all that is under way fits into slots that exist already: the journal never
/// has to grow on a full disk. Commands that append records leave <see cref="SlotsForState"/> slots to those of state alone, so that
/// receives and acknowledgements go on where the disk is full and nothing can be flushed: a checkpoint frees the slots that hold state
/// only (engine.md section 9). Whoever finds no room waits in line, records and state each in their own. Thread-safe.
/// </summary>
/// <remarks>
/// Frames do not span slots, and two that follow each other may not fit into one: n free slots are sure to take (n + 1) / 2 slots of bytes.
/// Each command counts as a frame of its own, in units of <see cref="StorageLimits.FrameAlignment"/>, padding included: callers that come one by one get no other.
/// No line starves the other: records never take the share of state, and while they wait for what is held, state keeps to that share.
/// </remarks>
internal sealed class AdmissionGate(JournalRing ring, int slotBytes, Func<bool> recordsAreRefused)
{
    /// <summary>One may be filled with what was admitted together with records, one is filled next, one is freed meanwhile.</summary>
    public const int SlotsForState = 3;

    /// <summary>What may be under way where records are admitted.</summary>
    private readonly int _recordsMax = slotBytes / StorageLimits.FrameAlignment;

    /// <summary>What state may have under way beside them.</summary>
    private readonly int _stateShare = slotBytes / 8 / StorageLimits.FrameAlignment;
    private readonly Lock _lock = new();
    private readonly Line _records = new();
    private readonly Line _state = new();
    private long _waits;

    // A room: units of records in its low half, of state in the high one.
    private long _held;
    private volatile bool _isClosed;

    /// <summary>Callers that wait in line now.</summary>
    public int Waiting => _records.Count + _state.Count;

    /// <summary>Inside <see cref="RefuseWaiting"/>; under its lock.</summary>
    public bool IsRefusing { get; private set; }

    /// <summary>Calls that had to wait, so far.</summary>
    public long Waits => Volatile.Read(ref _waits);

    public ValueTask<Admission> EnterAsync(int bytes, bool hasRecords, CancellationToken cancellationToken) => EnterAsync(bytes, 1, hasRecords, cancellationToken);

    /// <summary>Room for so many commands of so many bytes each, one after the other.</summary>
    public ValueTask<Admission> EnterAsync(int bytes, int commands, bool hasRecords, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (IsRefused(hasRecords))
        {
            return new ValueTask<Admission>(Admission.Refused);
        }

        long room = RoomOf(bytes, hasRecords, commands);
        return LineOf(hasRecords).Count == 0 && TryHold(room, hasRecords)
            ? new ValueTask<Admission>(Admission.Of(this, room))
            : new ValueTask<Admission>(WaitAsync(new Waiter(room, hasRecords), cancellationToken));
    }

    /// <summary>Whether a command would be admitted now.</summary>
    public bool HasRoom(int bytes, bool hasRecords) =>
        LineOf(hasRecords).Count == 0 && !IsRefused(hasRecords) && Fits(Volatile.Read(ref _held) + RoomOf(bytes, hasRecords, 1), hasRecords);

    /// <summary>Whether all that is held is this room of one call.</summary>
    public bool IsAll(long room) => Volatile.Read(ref _held) == room;

    /// <summary>What an <see cref="Admission"/> holds is free again.</summary>
    public void Leave(long room)
    {
        Interlocked.Add(ref _held, -room);
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
            Serve(_records);
            Serve(_state);
        }
    }

    /// <summary>There is no space, and none will come by itself: who would not fit even if nobody else were under way is refused, also of state, and may ask again. True where that met state.</summary>
    public bool RefuseWaiting()
    {
        lock (_lock)
        {
            int waiting = _state.Count;
            IsRefusing = true;
            Serve(_records);
            Serve(_state);
            IsRefusing = false;
            return _state.Count < waiting;
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

    private static long RoomOf(int bytes, bool hasRecords, int commands)
    {
        long units = commands * (JournalFormat.Align(JournalFormat.FrameHeaderBytes + bytes) / StorageLimits.FrameAlignment);
        return hasRecords ? units : units << 32;
    }

    private static int RecordsIn(long room) => (int)room;

    private static int StateIn(long room) => (int)(room >> 32);

    private Line LineOf(bool hasRecords) => hasRecords ? _records : _state;

    private void Serve(Line line)
    {
        while (line.First is { } waiter)
        {
            bool isRefused = IsRefused(waiter.HasRecords) || (IsRefusing && !Fits(waiter.Room, waiter.HasRecords));
            if (!isRefused && !TryHold(waiter.Room, waiter.HasRecords))
            {
                return;
            }

            line.Remove(waiter);
            bool isThere = waiter.TrySetResult(isRefused ? Admission.Refused : Admission.Of(this, waiter.Room));
            if (!isThere && !isRefused)
            {
                Interlocked.Add(ref _held, -waiter.Room);
            }
        }
    }

    private bool IsRefused(bool hasRecords) => _isClosed || (hasRecords && recordsAreRefused());

    private bool TryHold(long room, bool hasRecords)
    {
        long held = Volatile.Read(ref _held);
        while (Fits(held + room, hasRecords))
        {
            long seen = Interlocked.CompareExchange(ref _held, held + room, held);
            if (seen == held)
            {
                return true;
            }

            held = seen;
        }

        return false;
    }

    private bool Fits(long after, bool hasRecords)
    {
        int all = RecordsIn(after) + StateIn(after);
        int free = ring.FreeCount;
        bool admitsRecords = free > SlotsForState;
        if (hasRecords)
        {
            return admitsRecords && RecordsIn(after) <= _recordsMax && all <= _recordsMax + _stateShare;
        }

        return free switch
        {
            0 => all <= ring.WriterBytesLeft / 2 / StorageLimits.FrameAlignment,
            1 or 2 => all <= _recordsMax / 2,
            _ => all <= _recordsMax + _stateShare && (StateIn(after) <= _stateShare || !admitsRecords || _records.Count == 0),
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

    private sealed class Waiter(long room, bool hasRecords) : TaskCompletionSource<Admission>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public long Room => room;

        public bool HasRecords => hasRecords;
    }
}
