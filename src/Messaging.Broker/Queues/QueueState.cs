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
internal sealed class QueueState
{
    // Ready again: (offset, due or 0). The due time is that of a message which was never delivered.
    private PairHeap? _ready;
    private OwnDelays? _ownDelays;
    private LaneTable? _lanes;
    private ExpiryIndex? _expiry;
    private readonly DeliveryTable _deliveries = new();
    private readonly SetAside _aside;
    // Given back for a time.
    private long _parked;

    public QueueState(LogStream stream)
    {
        Stream = stream;
        Backlog = new Backlog(stream);
        _aside = new SetAside(_deliveries);
    }

    public LogStream Stream { get; }

    public Backlog Backlog { get; }

    /// <summary>Of the messages that were delivered and are not gone.</summary>
    public DeliveryTable Deliveries => _deliveries;

    /// <summary>Those that had all their deliveries: the next would be too many, so they wait for the dead-letter queue. They count as ready.</summary>
    public SetAside Aside => _aside;

    /// <summary>Messages that were never delivered and wait by a delay of their own; null while there are none.</summary>
    public OwnDelays? OwnDelays => _ownDelays;

    /// <summary>Those with a group or a priority; null while there are none.</summary>
    public LaneTable? Lanes => _lanes;

    /// <summary>(offset, due or 0) of those that are ready again or became due late, and are in no lane; cleaned lazily, null while there are none.</summary>
    public PairHeap? ReadyAgain => _ready;

    /// <summary>What it remembers for a time; null while that is nothing.</summary>
    public QueueWindows? Windows { get; private set; }

    /// <summary>The latest time that an entry carried, or that this process has seen.</summary>
    public long LastNowMs { get; private set; }

    /// <summary>Messages that are leased, right after <see cref="Advance"/>.</summary>
    public int Leased { get; private set; }

    public long Delayed => _parked + (_ownDelays?.Count ?? 0) + Backlog.Waiting;

    public long Ready => Stream.LiveCount - Leased - Delayed;

    /// <summary>Ready messages that a receive would get: no other one of their group is in their way, and they may be delivered once more.</summary>
    public long Deliverable => Ready - _aside.Count - (_lanes?.Blocked ?? 0);

    /// <summary>Those of the moved messages in this queue that keep an id from elsewhere; null while there are none.</summary>
    public MovedMessages? Moved { get; private set; }

    /// <summary>The order within a group is kept. Of the definition, and never changed.</summary>
    public bool IsOrdered { get; set; }

    /// <summary>
    /// When the next message may be deliverable by time alone, or <see cref="long.MaxValue"/>; perhaps early, never late. In an ordered queue also since
    /// another one of its group is over.
    /// </summary>
    public long NextDueMs => Math.Min(
        Math.Min(_deliveries.NextMs, _ownDelays?.NextMs ?? long.MaxValue), Math.Min(Backlog.NextDueMs, IsOrdered ? NextExpiryMs : long.MaxValue));

    /// <summary>When the next message may be over by its sender's word; see <see cref="ExpiryIndex.NextMs"/>.</summary>
    public long NextExpiryMs => _expiry?.NextMs ?? long.MaxValue;

    /// <summary>Messages that were sent to expire; null where none was.</summary>
    public ExpiryIndex? Expiry => _expiry;

    /// <summary>Pairs in the heaps, stale ones included: what memory follows.</summary>
    public long HeldPairs => _deliveries.Pairs + (_ownDelays?.Pairs ?? 0) + (_ready?.Count ?? 0) + (_expiry?.Count ?? 0);

    private bool HasExceptions => _deliveries.Count > 0 || _ownDelays is { Count: > 0 } || _ready is { Count: > 0 } || HasLanes;

    private bool HasLanes => _lanes is { Count: > 0 };

    /// <summary>Ends leases and delays that are over, and messages: a function of the time, so that nothing is journaled for it.</summary>
    public void Advance(long now)
    {
        LastNowMs = Math.Max(LastNowMs, now);
        Backlog.Advance(now);
        _lanes?.Pass(Backlog.Horizon);
        Windows?.Advance(now);
        while (_deliveries.TryPop(now, out long offset, out long end)) EndHold(offset, end);
        while (_ownDelays is not null && _ownDelays.TryPop(now, out long offset, out long due)) MakeReady(offset, due);
        if (_expiry is not null) Expire(_expiry, now);
    }

    /// <summary>A receive begins to take.</summary>
    public void BeginTake(long now) => _lanes?.Order.Begin(Leased, now);

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
    public bool TryGet(long offset, out Delivery delivery) => _deliveries.TryGet(offset, out delivery);

    /// <summary>How long the message waits that is given back without a word about that, in ms.</summary>
    public int RetryMsOf(long offset) => TryGet(offset, out Delivery delivery) ? delivery.RetryMs : 0;

    /// <summary>When the queue's own delay of a message that was never delivered ends; 0: it is over, or was never for it.</summary>
    public long MarkDueOf(long offset) => WaitsUnderMarks(offset) ? Backlog.MarkDueOf(offset) : 0;

    /// <summary>Never delivered, and under a delay of its own that runs. After <see cref="Advance"/>.</summary>
    public bool WaitsByItself(long offset) => _ownDelays?.Contains(offset) == true;

    /// <summary>Acknowledged, expired or trimmed.</summary>
    public bool IsGone(long offset) => offset < Stream.Next && Stream.IsReleased(offset);

    public Delivery ApplyReceived(long offset, long now, long deadline, RetryDefinition? retry)
    {
        long due = 0;
        // The oldest of what is in no lane is taken, here and in the fold: once what is stale is off the top, it is the top or it is fresh.
        bool inLane = _lanes is not null && _lanes.TryHold(offset, now, out due);
        if (!inLane && PeekReady() == offset) due = _ready!.Pop().Value;
        ref Delivery delivery = ref _deliveries.Enter(offset, out bool delivered);
        if (delivered)
        {
            Leave(delivery.State);
            _aside.Leave(ref delivery);
        }
        else
        {
            delivery.DueMs = due;
            if (!inLane) Backlog.Took(offset);
        }

        if (delivery.ReceiveCount++ == 0) delivery.FirstReceivedMs = now;
        delivery.State = deadline;
        delivery.RetryMs = RetryDelay.Of(retry, Stream.Id, offset, delivery.CountedReceives);
        Enter(offset, deadline);
        return delivery;
    }

    /// <summary>A delivery that no receiver has seen is taken back: its receipt was never handed out, so the count may be used again.</summary>
    public void ApplyUntaken(long offset)
    {
        ref Delivery delivery = ref _deliveries.Find(offset, out bool delivered);
        Invariant.Check(delivered && delivery.ReceiveCount > 0, "Only a delivery can be taken back.");
        delivery.ReceiveCount--;
        if (delivery.State == 0)
        {
            // Its lease was over before, and it may have been set aside for a last delivery that is none now.
            if (!delivery.IsAside || delivery.CountedReceives >= _aside.ReceivesMax) return;
            _aside.Leave(ref delivery);
            MakeReady(offset, 0);
            return;
        }

        Leave(delivery.State);
        delivery.State = 0;
        if (_expiry?.IsOverdue(offset) == true) ApplyGone(offset);
        else MakeReady(offset, 0);
        _deliveries.Sweep(Leased + _parked);
    }

    /// <summary>Acknowledged, expired or cancelled: the message is dead.</summary>
    public void ApplyGone(long offset)
    {
        if (_deliveries.Remove(offset, out Delivery delivery))
        {
            Leave(delivery.State);
            _aside.Leave(ref delivery);
        }
        else if (_ownDelays?.Remove(offset) != true && WaitsUnderMarks(offset))
        {
            Backlog.LeaveMark(offset);
        }

        _lanes?.Remove(offset, LastNowMs);
        _expiry?.Forget(offset);
        Stream.Release(offset);
        _deliveries.Sweep(Leased + _parked);
    }

    /// <summary>How many deliveries a message may have before it goes to the dead-letter queue; null: as many as it takes. What is there is judged anew.</summary>
    public void LimitReceives(int? max)
    {
        if ((max ?? int.MaxValue) == _aside.ReceivesMax) return;
        _aside.Limit(max ?? int.MaxValue);
        foreach ((long offset, _) in _deliveries.All)
        {
            ref Delivery delivery = ref _deliveries.Find(offset, out _);
            bool wasAside = delivery.IsAside;
            (delivery.IsAside, delivery.IsStuck) = (false, false);
            if (delivery.State != 0 || (!wasAside && delivery.CountedReceives < _aside.ReceivesMax)) continue;
            if (!wasAside) _lanes?.TakeAside(offset, LastNowMs);
            MakeReady(offset, 0);
        }
    }

    /// <summary>
    /// Messages that a receive would get, from an offset on and below another, in their order. <paramref name="next"/> is where to look on: not all may have been
    /// looked at. After <see cref="Advance"/>.
    /// </summary>
    public int FindDeliverable(long from, long below, Span<long> offsets, out long next)
    {
        int count = 0;
        next = Stream.NextLive(from);
        for (int looked = 0; next < below && count < offsets.Length && looked < QueueLimits.RedriveStepOffsetsMax; looked++)
        {
            if (IsDeliverable(next) && (TryGet(next, out _) || (!WaitsByItself(next) && !WaitsUnderMarks(next)))) offsets[count++] = next;
            next = Stream.NextLive(next + 1);
        }

        next = Math.Min(next, below);
        return count;
    }

    /// <summary>Whether a message that <see cref="FindDeliverable"/> found is still one that a receive would get.</summary>
    public bool IsDeliverable(long offset) =>
        !IsGone(offset) && (!TryGet(offset, out Delivery delivery) || delivery is { State: 0, IsAside: false }) && _lanes?.IsBlocked(offset) != true;

    /// <summary>A message that came from another queue keeps its id.</summary>
    public void ApplyMovedHere(long offset, MessageId id) => (Moved ??= new MovedMessages(Stream)).Add(id, offset);

    /// <summary>The lease ends then; now: ready with the next <see cref="Advance"/>, whatever the retry policy.</summary>
    public void ApplyExtended(long offset, long deadline) => Reschedule(offset, deadline);

    /// <summary>Given back, ready when due; now: ready with the next <see cref="Advance"/>.</summary>
    public void ApplyReleased(long offset, long due)
    {
        Reschedule(offset, -due);
        if (_expiry?.IsOverdue(offset) == true) ApplyGone(offset);
    }

    /// <summary>The same of a delivery that nobody has worked on: it does not count. Its receipt was handed out, and so its number is not used again.</summary>
    public void ApplyUnhandled(long offset, long due)
    {
        ref Delivery delivery = ref _deliveries.Find(offset, out bool delivered);
        Invariant.Check(delivered && delivery.CountedReceives > 0, "Only a delivery can be given back unhandled, and once.");
        delivery.UnhandledCount++;
        ApplyReleased(offset, due);
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
        (_ownDelays ??= new OwnDelays()).Add(offset, due);
    }

    /// <summary>A message was sent to expire then.</summary>
    public void ApplyExpiring(long offset, long expires) => (_expiry ??= new ExpiryIndex(Stream)).Add(offset, expires);

    /// <summary>
    /// Drops the ready messages below an offset, except those with a delay of their own that ended at or after <paramref name="dueBefore"/>.
    /// Returns when those that had to stay may be tried again. After <see cref="Advance"/> to the same time.
    /// </summary>
    public long ApplyTrimmed(long now, long below, long dueBefore) => new QueueTrim(this, now, dueBefore).Run(below);

    /// <summary>How far one trim goes: all the way where it only moves the floor, else so far that the sequencer is held briefly. What is below <paramref name="from"/> was trimmed.</summary>
    public long TrimStep(long below, long from)
    {
        if (!HasExceptions) return below;
        long start = HasLanes ? Stream.NextLive(Math.Max(from, Stream.Low)) : Math.Max(Backlog.Cursor, Stream.Low);
        return Math.Min(below, start + QueueLimits.TrimStepMax);
    }

    /// <summary>All messages below the offset are dead, and no exception is left: what is sent later, and in the fold perhaps appended already, is fresh.</summary>
    public void ApplyPurged(long below)
    {
        _deliveries.Clear();
        _aside.Clear();
        (_ready, _ownDelays, _lanes, _expiry, Moved) = (null, null, null, null, null);
        (Leased, _parked) = (0, 0);
        Backlog.Purge(below);
    }

    /// <summary>To remember something in.</summary>
    public QueueWindows OpenWindows() => Windows ??= new QueueWindows();

    /// <summary>Gives memory back after a burst.</summary>
    public void Compact(long now)
    {
        Windows?.Trim(now);
        if (Windows is { IsEmpty: true }) Windows = null;
        _deliveries.Compact();
        _aside.Compact();
        if (_ready is { Count: 0 }) _ready = null;
        if (_ownDelays is { IsEmpty: true }) _ownDelays = null;
        if (Moved is not null && !Moved.Compact()) Moved = null;
        if (_lanes is { Count: 0 }) _lanes = null;
        if (_expiry is { IsEmpty: true }) _expiry = null;
        Backlog.Compact();
    }

    /// <summary>As a snapshot's state begins; its deliveries and delays follow, and <see cref="RestoreLanes"/> and <see cref="RestoreUnhandled"/> came before.</summary>
    public void RestoreTime(long lastNowMs) => LastNowMs = lastNowMs;

    /// <summary>Before the delivery itself, which is judged by how many count.</summary>
    public void RestoreUnhandled(long offset, int count) => _deliveries.Enter(offset, out _).UnhandledCount = count;

    public void RestoreDelivery(long offset, in Delivery restored)
    {
        ref Delivery delivery = ref _deliveries.Enter(offset, out _);
        delivery = restored with { UnhandledCount = delivery.UnhandledCount };
        Backlog.Skip(offset);
        _lanes?.RestoreHeld(offset, LastNowMs);
        if (restored.State == 0) MakeReady(offset, 0);
        else Enter(offset, restored.State);
    }

    /// <summary>Never delivered, with a delay of its own, which may be over.</summary>
    public void RestoreDelayed(long offset, long due)
    {
        Backlog.Skip(offset);
        (_ownDelays ??= new OwnDelays()).Add(offset, due);
    }

    /// <summary>After the state's own section.</summary>
    public void RestoreRetry(long offset, int waitMs)
    {
        _deliveries.Find(offset, out bool delivered).RetryMs = waitMs;
        Invariant.Check(delivered, "Only a delivered message has a wait.");
    }

    public void RestoreLanes(ref EntryReader reader)
    {
        _lanes = new LaneTable(IsOrdered, 0, 0);
        LaneSnapshot.Restore(_lanes, ref reader);
    }

    public void RestoreExpiry(ref EntryReader reader) => (_expiry ??= new ExpiryIndex(Stream)).Restore(ref reader);

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

    /// <summary>It is there, and was never delivered.</summary>
    public bool IsUndelivered(long offset) => !TryGet(offset, out _) && !Stream.IsReleased(offset);

    private bool ReadyCounts(long offset) => TryGet(offset, out Delivery delivery) ? delivery.State == 0 && !delivery.IsAside : !Stream.IsReleased(offset);

    // The lease or the wait of a delivery is over.
    private void EndHold(long offset, long end)
    {
        ref Delivery delivery = ref _deliveries.Find(offset, out _);
        if (_expiry?.IsOverdue(offset) == true)
        {
            ApplyGone(offset);
            return;
        }

        bool waits = delivery is { State: > 0, RetryMs: > 0 };
        Leave(delivery.State);
        delivery.State = waits ? -(end + delivery.RetryMs) : 0;
        if (waits) Enter(offset, delivery.State);
        else MakeReady(offset, 0);
    }

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
        ref Delivery delivery = ref _deliveries.Find(offset, out bool delivered);
        Invariant.Check(delivered && delivery.State > 0, "Only a leased message has a lease to change.");
        Leave(delivery.State);
        delivery.State = state;
        if (Math.Abs(state) <= LastNowMs) delivery.RetryMs = 0;
        Enter(offset, state);
        _deliveries.Sweep(Leased + _parked);
    }

    private void Enter(long offset, long state)
    {
        if (state > 0) Lease(1);
        else _parked++;
        if (state < 0) _lanes?.Park(offset, LastNowMs);
        _deliveries.Time(offset, Math.Abs(state));
    }

    private void Leave(long state)
    {
        if (state > 0) Lease(-1);
        else if (state < 0) _parked--;
    }

    private void Lease(int count)
    {
        Leased += count;
        _lanes?.Order.Held(count, LastNowMs);
    }

    private bool WaitsUnderMarks(long offset) => Backlog.HasMarks && (Backlog.IsFresh(offset) || _lanes?.IsWaiting(offset) == true);

    private void MakeReady(long offset, long due)
    {
        if (_aside.Takes(offset)) return;
        if (_lanes is not null && _lanes.TryReady(offset, due, LastNowMs)) return;
        _ready ??= new PairHeap();
        _ready.Push(offset, due);
    }
}
