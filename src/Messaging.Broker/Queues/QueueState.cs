using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Messaging.Storage;

namespace Messaging.Broker.Queues;

/// <summary>
/// A standard queue at run time: state = expire(fold(entries), now), both pure. Memory follows the exceptions, not the backlog: entries
/// only for messages that were delivered or that have a delay of their own; the rest is a <see cref="Queues.Backlog"/>.
/// </summary>
/// <remarks>
/// Guarded by the sequencer; recovery has one thread. Nothing here reads a clock or a disk, and nothing journals: the operations
/// append the entry that says what they applied, and recovery applies it by the same methods (<see cref="QueueEntries"/>).
/// The heaps are cleaned lazily: a pair counts only while the map of deliveries, or the stream for a message that was never
/// delivered, agrees with it. Ready messages leave in the order of their offsets, whenever they became ready, so that the
/// moments at which <see cref="Advance"/> is called don't show. Hot path: no allocation but growth.
/// </remarks>
internal sealed class QueueState(LogStream stream)
{
    // Stale pairs are swept when they outnumber the good ones, and this.
    private const int StaleSlack = 1_024;

    // Ready again: (offset, due or 0). The due time is that of a message which was never delivered.
    private PairHeap? _ready;
    // Ready by time alone: (deadline or due, offset).
    private PairHeap? _timed;
    private Dictionary<long, Delivery>? _deliveries;
    private long _delayed;

    public LogStream Stream => stream;

    public Backlog Backlog { get; } = new(stream);

    /// <summary>What it remembers for a time; null while that is nothing.</summary>
    public QueueWindows? Windows { get; private set; }

    /// <summary>The latest time that an entry carried, or that this process has seen.</summary>
    public long LastNowMs { get; private set; }

    /// <summary>Messages that are leased, right after <see cref="Advance"/>.</summary>
    public int Leased { get; private set; }

    public long Delayed => _delayed + Backlog.Waiting;

    public long Ready => stream.LiveCount - Leased - Delayed;

    /// <summary>When the next message may become ready by time alone, or <see cref="long.MaxValue"/>; perhaps early, never late.</summary>
    public long NextDueMs => Math.Min(_timed is { Count: > 0 } ? _timed.PeekKey() : long.MaxValue, Backlog.NextDueMs);

    private bool HasExceptions => _deliveries is { Count: > 0 } || _timed is { Count: > 0 } || _ready is { Count: > 0 };

    /// <summary>Ends leases and delays that are over: a function of the time, so that nothing is journaled for it.</summary>
    public void Advance(long now)
    {
        LastNowMs = Math.Max(LastNowMs, now);
        Backlog.Advance(now);
        Windows?.Advance(now);
        while (_timed is { Count: > 0 } && _timed.PeekKey() <= now)
        {
            (long time, long offset) = _timed.Pop();
            if (!TimeCounts(time, offset)) continue;
            ref Delivery delivery = ref Find(offset, out bool delivered);
            if (delivered)
            {
                Leave(delivery.State);
                delivery.State = 0;
                MakeReady(offset, 0);
            }
            else
            {
                _delayed--;
                MakeReady(offset, time);
            }
        }
    }

    /// <summary>Delivers the oldest ready message and leases it; false when there is none. After <see cref="Advance"/> to the same time.</summary>
    public bool TryTake(long now, long deadline, out long offset, out Delivery delivery)
    {
        offset = Math.Min(PeekReady(), Backlog.Peek());
        delivery = default;
        if (offset == long.MaxValue) return false;
        delivery = ApplyReceived(offset, now, deadline);
        return true;
    }

    /// <summary>What is remembered of the message; false when it was never delivered, or is gone.</summary>
    public bool TryGet(long offset, out Delivery delivery)
    {
        delivery = default;
        return _deliveries is not null && _deliveries.TryGetValue(offset, out delivery);
    }

    /// <summary>Acknowledged, expired or trimmed.</summary>
    public bool IsGone(long offset) => offset < stream.Next && stream.IsReleased(offset);

    public Delivery ApplyReceived(long offset, long now, long deadline)
    {
        long due = 0;
        // The oldest is taken, here and in the fold: once what is stale is off the top, it is the top or it is fresh.
        if (PeekReady() == offset) due = _ready!.Pop().Value;
        _deliveries ??= [];
        ref Delivery delivery = ref CollectionsMarshal.GetValueRefOrAddDefault(_deliveries, offset, out bool delivered);
        if (delivered)
        {
            Leave(delivery.State);
        }
        else
        {
            delivery.DueMs = due;
            Backlog.Took(offset);
        }

        if (delivery.ReceiveCount++ == 0) delivery.FirstReceivedMs = now;
        delivery.State = deadline;
        Enter(offset, deadline);
        return delivery;
    }

    /// <summary>A delivery that no receiver has seen is taken back: its receipt was never handed out, so the count may be used again.</summary>
    public void ApplyUntaken(long offset)
    {
        ref Delivery delivery = ref Find(offset, out bool delivered);
        Invariant.Check(delivered && delivery.ReceiveCount > 0, "Only a delivery can be taken back.");
        delivery.ReceiveCount--;
        if (delivery.State == 0) return;
        Leave(delivery.State);
        delivery.State = 0;
        MakeReady(offset, 0);
        SweepTimed();
    }

    /// <summary>Acknowledged or expired: the message is dead.</summary>
    public void ApplyGone(long offset)
    {
        if (_deliveries is not null && _deliveries.Remove(offset, out Delivery delivery)) Leave(delivery.State);
        stream.Release(offset);
        SweepTimed();
    }

    /// <summary>The lease ends then; now: ready with the next <see cref="Advance"/>.</summary>
    public void ApplyExtended(long offset, long deadline) => Reschedule(offset, deadline);

    /// <summary>Given back, ready when due; now: ready with the next <see cref="Advance"/>.</summary>
    public void ApplyReleased(long offset, long due) => Reschedule(offset, -due);

    /// <summary>A message was sent with a delay of its own.</summary>
    public void ApplyDelayed(long offset, long due)
    {
        Backlog.Except(offset);
        Time(due, offset);
        _delayed++;
    }

    /// <summary>
    /// Drops the ready messages below an offset, except those with a delay of their own that ended at or after <paramref name="dueBefore"/>.
    /// Returns when those that had to stay may be tried again. After <see cref="Advance"/> to the same time.
    /// </summary>
    public long ApplyTrimmed(long now, long below, long dueBefore)
    {
        below = Math.Min(below, Backlog.End);
        long floor = below;
        long retry = long.MaxValue;
        if (_deliveries is not null)
        {
            // Removing while enumerating is allowed for dictionaries.
            foreach ((long offset, Delivery delivery) in _deliveries)
            {
                if (offset >= below) continue;
                if (delivery.State == 0 && delivery.DueMs < dueBefore) ApplyGone(offset);
                else Stays(offset, Math.Max(Math.Abs(delivery.State), now + delivery.DueMs - dueBefore + 1));
            }
        }

        for (int i = 0; i < _ready?.Count; i++)
        {
            (long offset, long due) = _ready.At(i);
            if (offset >= below || !IsUndelivered(offset)) continue;
            if (due < dueBefore) stream.Release(offset);
            else Stays(offset, now + due - dueBefore + 1);
        }

        for (int i = 0; i < _timed?.Count; i++)
        {
            (long due, long offset) = _timed.At(i);
            if (offset < below && TimeCounts(due, offset)) Stays(offset, now + due - dueBefore + 1);
        }

        Backlog.Trim(below, floor);
        return retry;

        void Stays(long offset, long until)
        {
            floor = Math.Min(floor, offset);
            retry = Math.Min(retry, until);
        }
    }

    /// <summary>How far one trim goes: all the way where it only moves the floor, else so far that the sequencer is held briefly.</summary>
    public long TrimStep(long below) =>
        HasExceptions ? Math.Min(below, Math.Max(Backlog.Cursor, stream.Low) + BrokerLimits.TrimStepMax) : below;

    /// <summary>To remember something in.</summary>
    public QueueWindows OpenWindows() => Windows ??= new QueueWindows();

    /// <summary>Gives memory back after a burst.</summary>
    public void Compact(long now)
    {
        Windows?.Trim(now);
        if (Windows is { IsEmpty: true }) Windows = null;
        if (_deliveries is { Count: 0 }) _deliveries = null;
        if (_timed is { Count: 0 }) _timed = null;
        if (_ready is { Count: 0 }) _ready = null;
        Backlog.Compact();
    }

    /// <summary>See <see cref="QueueSnapshot"/> for the bytes.</summary>
    public void Write(ref BufferEntryWriter writer)
    {
        writer.Unsigned(LastNowMs);
        Backlog.Write(ref writer);
        writer.Unsigned(_deliveries?.Count ?? 0);
        if (_deliveries is not null)
        {
            foreach ((long offset, Delivery delivery) in _deliveries)
            {
                writer.Unsigned(offset);
                writer.Signed(delivery.State);
                writer.Unsigned(delivery.FirstReceivedMs);
                writer.Unsigned(delivery.DueMs);
                writer.Unsigned(delivery.ReceiveCount);
            }
        }

        // Those of the two heaps that the map does not hold: each is ready when due, so both lists are one.
        for (int i = 0; i < _ready?.Count; i++)
        {
            (long offset, long due) = _ready.At(i);
            if (IsUndelivered(offset)) WriteDelayed(ref writer, offset, due);
        }

        for (int i = 0; i < _timed?.Count; i++)
        {
            (long due, long offset) = _timed.At(i);
            if (IsUndelivered(offset)) WriteDelayed(ref writer, offset, due);
        }

        writer.Unsigned(0);
    }

    public void Restore(ref EntryReader reader, bool isOld)
    {
        LastNowMs = reader.Unsigned();
        Backlog.Restore(ref reader);
        for (long left = reader.Unsigned(); left > 0; left--)
        {
            long offset = reader.Unsigned();
            var delivery = new Delivery
            {
                State = reader.Signed(), FirstReceivedMs = reader.Unsigned(), DueMs = reader.Unsigned(), ReceiveCount = reader.Int32(),
            };
            _deliveries ??= [];
            _deliveries.Add(offset, delivery);
            Backlog.Skip(offset);
            if (delivery.State == 0) MakeReady(offset, 0);
            else Enter(offset, delivery.State);
        }

        while (!(isOld && reader.AtEnd))
        {
            long offset = isOld ? reader.Unsigned() : reader.Unsigned() - 1;
            if (offset < 0) return;
            Backlog.Skip(offset);
            Time(reader.Unsigned(), offset);
            _delayed++;
        }
    }

    private static void WriteDelayed(ref BufferEntryWriter writer, long offset, long due)
    {
        writer.Unsigned(offset + 1);
        writer.Unsigned(due);
    }

    private long PeekReady()
    {
        while (_ready is { Count: > 0 })
        {
            long offset = _ready.PeekKey();
            if (ReadyCounts(offset)) return offset;
            _ready.Pop();
        }

        return long.MaxValue;
    }

    private bool IsUndelivered(long offset) => !TryGet(offset, out _) && !stream.IsReleased(offset);

    private bool ReadyCounts(long offset) => TryGet(offset, out Delivery delivery) ? delivery.State == 0 : !stream.IsReleased(offset);

    private bool TimeCounts(long time, long offset) =>
        TryGet(offset, out Delivery delivery) ? delivery.State != 0 && Math.Abs(delivery.State) == time : !stream.IsReleased(offset);

    private void Reschedule(long offset, long state)
    {
        ref Delivery delivery = ref Find(offset, out bool delivered);
        Invariant.Check(delivered, "Only a delivered message has a lease to change.");
        Leave(delivery.State);
        delivery.State = state;
        Enter(offset, state);
        SweepTimed();
    }

    private void Enter(long offset, long state)
    {
        if (state > 0) Leased++;
        else _delayed++;
        Time(Math.Abs(state), offset);
    }

    private void Leave(long state)
    {
        if (state > 0) Leased--;
        else if (state < 0) _delayed--;
    }

    private void Time(long time, long offset)
    {
        _timed ??= new PairHeap();
        _timed.Push(time, offset);
    }

    private void MakeReady(long offset, long due)
    {
        _ready ??= new PairHeap();
        _ready.Push(offset, due);
    }

    private ref Delivery Find(long offset, out bool found)
    {
        ref Delivery delivery = ref _deliveries is null
            ? ref Unsafe.NullRef<Delivery>()
            : ref CollectionsMarshal.GetValueRefOrNullRef(_deliveries, offset);
        found = !Unsafe.IsNullRef(ref delivery);
        return ref delivery;
    }

    // One pair stays for each message, also of those that were put off to the same time again and again.
    private void SweepTimed()
    {
        if (_timed is null || _timed.Count <= (2 * (Leased + _delayed)) + StaleSlack) return;
        var filter = new TimedFilter(this);
        _timed.Keep(ref filter);
        for (int i = 0; i < _timed.Count; i++)
        {
            ref Delivery delivery = ref Find(_timed.At(i).Value, out bool delivered);
            if (delivered) delivery.IsFound = false;
        }
    }

    private readonly struct TimedFilter(QueueState state) : PairHeap.IFilter
    {
        public bool Keeps(long key, long value)
        {
            if (!state.TimeCounts(key, value)) return false;
            ref Delivery delivery = ref state.Find(value, out bool delivered);
            if (!delivered) return true;
            bool isFirst = !delivery.IsFound;
            delivery.IsFound = true;
            return isFirst;
        }
    }
}
