using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Messaging.Broker.Messages;
using Messaging.Storage;

namespace Messaging.Broker.Queues;

/// <summary>
/// A queue at run time: state = expire(fold(entries), now), both pure. Memory follows the exceptions, not the backlog: entries
/// only for messages that were delivered or that have a delay of their own; the rest is a <see cref="Queues.Backlog"/>, and what has a group or a priority a <see cref="LaneTable"/>.
/// </summary>
/// <remarks>
/// Guarded by the sequencer; recovery has one thread. Nothing here reads a clock or a disk, and nothing journals: the operations
/// append the entry that says what they applied, and recovery applies it by the same methods (<see cref="QueueEntries"/>).
/// The heaps are cleaned lazily: a pair counts only while the map of deliveries, or the stream for a message that was never
/// delivered, agrees with it. Ready messages that are in no lane leave in the order of their offsets, whenever they became ready, so that the
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
    // Set aside for the dead-letter queue: (offset, 0). Derived from the deliveries and the definition.
    private PairHeap? _aside;
    private int _receivesMax = int.MaxValue;
    private LaneTable? _lanes;
    // Those of the heap of times that were never delivered.
    private DelayedSet? _waiting;
    private ExpiryIndex? _expiry;
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

    /// <summary>Of the ready ones those that had all their deliveries: the next would be too many, so they wait for the dead-letter queue.</summary>
    public long Aside { get; private set; }

    /// <summary>Ready messages that a receive would get: no other one of their group is in their way, and they may be delivered once more.</summary>
    public long Deliverable => Ready - Aside - (_lanes?.Blocked ?? 0);

    /// <summary>Those of the moved messages in this queue that keep an id from elsewhere; null while there are none.</summary>
    public MovedMessages? Moved { get; private set; }

    /// <summary>The order within a group is kept. Of the definition, and never changed.</summary>
    public bool IsOrdered { get; set; }

    /// <summary>
    /// When the next message may be deliverable by time alone, or <see cref="long.MaxValue"/>; perhaps early, never late. In an ordered queue also since
    /// another one of its group is over.
    /// </summary>
    public long NextDueMs =>
        Math.Min(Math.Min(_timed is { Count: > 0 } ? _timed.PeekKey() : long.MaxValue, Backlog.NextDueMs), IsOrdered ? NextExpiryMs : long.MaxValue);

    /// <summary>When the next message may be over by its sender's word; see <see cref="ExpiryIndex.NextMs"/>.</summary>
    public long NextExpiryMs => _expiry?.NextMs ?? long.MaxValue;

    /// <summary>Messages that were sent to expire; null where none was.</summary>
    public ExpiryIndex? Expiry => _expiry;

    /// <summary>Pairs in the heaps, stale ones included: what memory follows.</summary>
    public long HeldPairs => (_timed?.Count ?? 0) + (_ready?.Count ?? 0) + (_expiry?.Count ?? 0);

    private bool HasExceptions => _deliveries is { Count: > 0 } || _timed is { Count: > 0 } || _ready is { Count: > 0 } || HasLanes;

    private bool HasLanes => _lanes is { Count: > 0 };

    /// <summary>Ends leases and delays that are over, and messages: a function of the time, so that nothing is journaled for it.</summary>
    public void Advance(long now)
    {
        LastNowMs = Math.Max(LastNowMs, now);
        Backlog.Advance(now);
        _lanes?.Pass(Backlog.Horizon);
        Windows?.Advance(now);
        while (_timed is { Count: > 0 } && _timed.PeekKey() <= now)
        {
            (long time, long offset) = _timed.Pop();
            if (!TimeCounts(time, offset)) continue;
            ref Delivery delivery = ref Find(offset, out bool delivered);
            if (delivered && _expiry?.IsOverdue(offset) == true)
            {
                ApplyGone(offset);
            }
            else if (delivered && delivery is { State: > 0, RetryMs: > 0 })
            {
                Leave(delivery.State);
                delivery.State = -(time + delivery.RetryMs);
                Enter(offset, delivery.State);
            }
            else if (delivered)
            {
                Leave(delivery.State);
                delivery.State = 0;
                MakeReady(offset, 0);
            }
            else
            {
                _waiting!.Remove(offset);
                _delayed--;
                MakeReady(offset, time);
            }
        }

        if (_expiry is not null) Expire(_expiry, now);
    }

    /// <summary>A receive begins to take.</summary>
    public void BeginTake() => _lanes?.Order.Begin();

    /// <summary>Delivers the message that is next and leases it; false when there is none. After <see cref="Advance"/> to the same time.</summary>
    public bool TryTake(long now, long deadline, RetryDefinition? retry, out long offset, out Delivery delivery)
    {
        offset = Math.Min(PeekReady(), Backlog.Peek());
        if (_lanes is not null) offset = _lanes.Order.Next(offset, Leased, IsOrdered, now);
        delivery = default;
        if (offset == long.MaxValue) return false;
        delivery = ApplyReceived(offset, now, deadline, retry);
        return true;
    }

    /// <summary>What is remembered of the message; false when it was never delivered, or is gone.</summary>
    public bool TryGet(long offset, out Delivery delivery)
    {
        delivery = default;
        return _deliveries is not null && _deliveries.TryGetValue(offset, out delivery);
    }

    /// <summary>How long the message waits that is given back without a word about that, in ms.</summary>
    public int RetryMsOf(long offset) => TryGet(offset, out Delivery delivery) ? delivery.RetryMs : 0;

    /// <summary>When the queue's own delay of a message that was never delivered ends; 0: it is over, or was never for it.</summary>
    public long MarkDueOf(long offset) => WaitsUnderMarks(offset) ? Backlog.MarkDueOf(offset) : 0;

    /// <summary>Never delivered, and under a delay of its own that runs. After <see cref="Advance"/>.</summary>
    public bool WaitsByItself(long offset) => _waiting?.Contains(offset) == true;

    /// <summary>Acknowledged, expired or trimmed.</summary>
    public bool IsGone(long offset) => offset < stream.Next && stream.IsReleased(offset);

    public Delivery ApplyReceived(long offset, long now, long deadline, RetryDefinition? retry)
    {
        long due = 0;
        // The oldest of what is in no lane is taken, here and in the fold: once what is stale is off the top, it is the top or it is fresh.
        bool inLane = _lanes is not null && _lanes.TryHold(offset, now, out due);
        if (!inLane && PeekReady() == offset) due = _ready!.Pop().Value;
        _deliveries ??= [];
        ref Delivery delivery = ref CollectionsMarshal.GetValueRefOrAddDefault(_deliveries, offset, out bool delivered);
        if (delivered)
        {
            Leave(delivery.State);
            LeaveAside(ref delivery);
        }
        else
        {
            delivery.DueMs = due;
            if (!inLane) Backlog.Took(offset);
        }

        if (delivery.ReceiveCount++ == 0) delivery.FirstReceivedMs = now;
        delivery.State = deadline;
        delivery.RetryMs = RetryDelay.Of(retry, stream.Id, offset, delivery.ReceiveCount);
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
        if (_expiry?.IsOverdue(offset) == true) ApplyGone(offset);
        else MakeReady(offset, 0);
        SweepTimed();
    }

    /// <summary>Acknowledged, expired or cancelled: the message is dead.</summary>
    public void ApplyGone(long offset)
    {
        if (_deliveries is not null && _deliveries.Remove(offset, out Delivery delivery))
        {
            Leave(delivery.State);
            LeaveAside(ref delivery);
        }
        else if (_waiting?.Remove(offset) == true)
        {
            _delayed--;
        }
        else if (WaitsUnderMarks(offset))
        {
            Backlog.LeaveMark(offset);
        }

        _lanes?.Remove(offset, LastNowMs);
        _expiry?.Forget(offset);
        stream.Release(offset);
        SweepTimed();
    }

    /// <summary>How many deliveries a message may have before it goes to the dead-letter queue; null: as many as it takes. What is there is judged anew.</summary>
    public void LimitReceives(int? max)
    {
        if ((max ?? int.MaxValue) == _receivesMax) return;
        _receivesMax = max ?? int.MaxValue;
        (_aside, Aside) = (null, 0);
        if (_deliveries is null) return;
        foreach (long offset in _deliveries.Keys)
        {
            ref Delivery delivery = ref Find(offset, out _);
            bool wasAside = delivery.IsAside;
            (delivery.IsAside, delivery.IsStuck) = (false, false);
            if (delivery.State != 0 || (!wasAside && delivery.ReceiveCount < _receivesMax)) continue;
            if (!wasAside) _lanes?.TakeAside(offset, LastNowMs);
            MakeReady(offset, 0);
        }
    }

    /// <summary>Up to so many of the messages that are set aside, oldest first; they stay so.</summary>
    public int PeekAside(Span<long> offsets)
    {
        int count = 0;
        while (count < offsets.Length && _aside is { Count: > 0 })
        {
            (long offset, _) = _aside.Pop();
            if (TryGet(offset, out Delivery delivery) && delivery is { IsAside: true, IsStuck: false } && (count == 0 || offsets[count - 1] != offset)) offsets[count++] = offset;
        }

        for (int i = 0; i < count; i++) _aside!.Push(offsets[i], 0);
        return count;
    }

    /// <summary>
    /// Messages that a receive would get, from an offset on and below another, in their order. <paramref name="next"/> is where to look on: not all may have been
    /// looked at. After <see cref="Advance"/>.
    /// </summary>
    public int FindDeliverable(long from, long below, Span<long> offsets, out long next)
    {
        int count = 0;
        next = stream.NextLive(from);
        for (int looked = 0; next < below && count < offsets.Length && looked < BrokerLimits.RedriveStepOffsetsMax; looked++)
        {
            bool isFresh = !TryGet(next, out _);
            if (isFresh ? !WaitsByItself(next) && !WaitsUnderMarks(next) : IsDeliverable(next)) offsets[count++] = next;
            next = stream.NextLive(next + 1);
        }

        next = Math.Min(next, below);
        return count;
    }

    /// <summary>Whether a message that <see cref="FindDeliverable"/> found is still one that a receive would get.</summary>
    public bool IsDeliverable(long offset) => !IsGone(offset) && (!TryGet(offset, out Delivery delivery) || delivery is { State: 0, IsAside: false });

    public bool IsAside(long offset) => TryGet(offset, out Delivery delivery) && delivery.IsAside;

    /// <summary>The message is set aside and can't be moved: it stays, delivered to nobody, and is not tried again.</summary>
    public void GiveUp(long offset)
    {
        ref Delivery delivery = ref Find(offset, out bool delivered);
        if (delivered) delivery.IsStuck = true;
    }

    /// <summary>A message that came from another queue keeps its id.</summary>
    public void ApplyMovedHere(long offset, MessageId id) => (Moved ??= new MovedMessages(stream)).Add(id, offset);

    /// <summary>The lease ends then; now: ready with the next <see cref="Advance"/>, whatever the retry policy.</summary>
    public void ApplyExtended(long offset, long deadline) => Reschedule(offset, deadline);

    /// <summary>Given back, ready when due; now: ready with the next <see cref="Advance"/>.</summary>
    public void ApplyReleased(long offset, long due)
    {
        Reschedule(offset, -due);
        if (_expiry?.IsOverdue(offset) == true) ApplyGone(offset);
    }

    /// <summary>A message was sent with a group or a priority; <paramref name="isPending"/>: and with a delay of its own.</summary>
    public void ApplyLaned(long offset, LaneKey key, bool isPending)
    {
        _lanes ??= new LaneTable(IsOrdered, Leased, LastNowMs);
        Backlog.Skip(offset);
        _lanes.Add(offset, key, isPending, Backlog.Horizon);
    }

    /// <summary>A message was sent with a delay of its own.</summary>
    public void ApplyDelayed(long offset, long due)
    {
        Backlog.Except(offset);
        WaitByItself(offset, due);
    }

    /// <summary>A message was sent to expire then.</summary>
    public void ApplyExpiring(long offset, long expires) => (_expiry ??= new ExpiryIndex(stream)).Add(offset, expires);

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

        if (_lanes is { Count: > 0 } lanes) TrimLanes(lanes);
        Backlog.Trim(below, floor);
        return retry;

        void TrimLanes(LaneTable lanes)
        {
            foreach ((long offset, long due) in lanes.Late().ToArray())
            {
                if (offset >= below) continue;
                if (due < dueBefore) ApplyGone(offset);
                else Stays(offset, now + due - dueBefore + 1);
            }

            foreach ((long offset, LaneStatus status) in lanes.Range(stream.NextLive(stream.Low), below))
            {
                if (status == LaneStatus.Chained) ApplyGone(offset);
            }
        }

        void Stays(long offset, long until)
        {
            floor = Math.Min(floor, offset);
            retry = Math.Min(retry, until);
        }
    }

    /// <summary>How far one trim goes: all the way where it only moves the floor, else so far that the sequencer is held briefly. What is below <paramref name="from"/> was trimmed.</summary>
    public long TrimStep(long below, long from)
    {
        if (!HasExceptions) return below;
        long start = HasLanes ? stream.NextLive(Math.Max(from, stream.Low)) : Math.Max(Backlog.Cursor, stream.Low);
        return Math.Min(below, start + BrokerLimits.TrimStepMax);
    }

    /// <summary>All messages below the offset are dead, and no exception is left: what is sent later, and in the fold perhaps appended already, is fresh.</summary>
    public void ApplyPurged(long below)
    {
        (_deliveries, _timed, _ready, _waiting, _lanes, _expiry) = (null, null, null, null, null, null);
        (_aside, Moved) = (null, null);
        (Leased, _delayed, Aside) = (0, 0, 0);
        Backlog.Purge(below);
    }

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
        if (_aside is { Count: 0 }) _aside = null;
        if (Moved is not null && !Moved.Compact()) Moved = null;
        if (_lanes is { Count: 0 }) _lanes = null;
        if (_waiting is { IsEmpty: true }) _waiting = null;
        if (_expiry is { IsEmpty: true }) _expiry = null;
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

        foreach ((long offset, long due) in _lanes?.Late() ?? []) WriteDelayed(ref writer, offset, due);

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
            _lanes?.RestoreHeld(offset, LastNowMs);
            if (delivery.State == 0) MakeReady(offset, 0);
            else Enter(offset, delivery.State);
        }

        while (!(isOld && reader.AtEnd))
        {
            long offset = isOld ? reader.Unsigned() : reader.Unsigned() - 1;
            if (offset < 0) break;
            Backlog.Skip(offset);
            WaitByItself(offset, reader.Unsigned());
        }

        foreach (long offset in _lanes?.Offsets() ?? []) Backlog.Skip(offset);
    }

    /// <summary>The lanes' section, where there are any.</summary>
    public void WriteLanes(ref BufferEntryWriter writer, byte section)
    {
        if (_lanes is not { Count: > 0 } lanes) return;
        writer.Byte(section);
        lanes.Write(ref writer);
    }

    /// <summary>The section of the waits of deliveries that have one, where there are any.</summary>
    public void WriteRetries(ref BufferEntryWriter writer, byte section)
    {
        if (_deliveries is null) return;
        bool any = false;
        foreach ((long offset, Delivery delivery) in _deliveries)
        {
            if (delivery.RetryMs == 0) continue;
            if (!any) writer.Byte(section);
            any = true;
            writer.Unsigned(offset + 1);
            writer.Unsigned(delivery.RetryMs);
        }

        if (any) writer.Unsigned(0);
    }

    /// <summary>After the deliveries themselves.</summary>
    public void RestoreRetries(ref EntryReader reader)
    {
        for (long offset = reader.Unsigned() - 1; offset >= 0; offset = reader.Unsigned() - 1)
        {
            Find(offset, out bool delivered).RetryMs = reader.Int32();
            Invariant.Check(delivered, "Only a delivered message has a wait.");
        }
    }

    /// <summary>Before the state's own section.</summary>
    public void RestoreLanes(ref EntryReader reader)
    {
        _lanes = new LaneTable(IsOrdered, 0, 0);
        _lanes.Restore(ref reader);
    }

    public void RestoreExpiry(ref EntryReader reader) => (_expiry ??= new ExpiryIndex(stream)).Restore(ref reader);

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

    private bool ReadyCounts(long offset) => TryGet(offset, out Delivery delivery) ? delivery.State == 0 && !delivery.IsAside : !stream.IsReleased(offset);

    private bool TimeCounts(long time, long offset) =>
        TryGet(offset, out Delivery delivery) ? delivery.State != 0 && Math.Abs(delivery.State) == time : !stream.IsReleased(offset);

    private void Expire(ExpiryIndex expiry, long now)
    {
        while (expiry.TryPop(now, out long offset))
        {
            if (TryGet(offset, out Delivery delivery) && delivery.State > 0) expiry.Defer(offset);
            else ApplyGone(offset);
        }
    }

    private void Reschedule(long offset, long state)
    {
        ref Delivery delivery = ref Find(offset, out bool delivered);
        Invariant.Check(delivered, "Only a delivered message has a lease to change.");
        Leave(delivery.State);
        delivery.State = state;
        if (Math.Abs(state) <= LastNowMs) delivery.RetryMs = 0;
        Enter(offset, state);
        SweepTimed();
    }

    private void Enter(long offset, long state)
    {
        if (state > 0) Lease(1);
        else _delayed++;
        if (state < 0) _lanes?.Park(offset, LastNowMs);
        Time(Math.Abs(state), offset);
    }

    private void Leave(long state)
    {
        if (state > 0) Lease(-1);
        else if (state < 0) _delayed--;
    }

    private void Lease(int count)
    {
        Leased += count;
        _lanes?.Order.Held(count, LastNowMs);
    }

    private bool WaitsUnderMarks(long offset) => Backlog.HasMarks && (Backlog.IsFresh(offset) || _lanes?.IsWaiting(offset) == true);

    private void WaitByItself(long offset, long due)
    {
        (_waiting ??= new DelayedSet()).Add(offset);
        Time(due, offset);
        _delayed++;
    }

    private void Time(long time, long offset)
    {
        _timed ??= new PairHeap();
        _timed.Push(time, offset);
    }

    private void LeaveAside(ref Delivery delivery)
    {
        if (delivery.IsAside) Aside--;
        delivery.IsAside = false;
    }

    private bool SetsAside(long offset)
    {
        if (_receivesMax == int.MaxValue) return false;
        ref Delivery delivery = ref Find(offset, out bool delivered);
        if (!delivered || delivery.ReceiveCount < _receivesMax) return false;
        delivery.IsAside = true;
        Aside++;
        (_aside ??= new PairHeap()).Push(offset, 0);
        return true;
    }

    private void MakeReady(long offset, long due)
    {
        if (SetsAside(offset)) return;
        if (_lanes is not null && _lanes.TryReady(offset, due, LastNowMs)) return;
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
