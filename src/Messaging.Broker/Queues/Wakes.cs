using Messaging.Broker.Time;
using Messaging.Storage;

namespace Messaging.Broker.Queues;

/// <summary>
/// Who waits, and what wakes whom. Sends and releases wake at sequencing time; for what becomes ready by time alone there is one heap
/// of due times over all queues that someone waits on, and one timer: a broker on which nobody waits does nothing. A wake promises
/// messages to as many receives as are needed to take them, so that there is no herd; a receive that leaves passes its promise on.
/// Guarded by the sequencer.
/// </summary>
internal sealed class Wakes : IAsyncDisposable
{
    private const int QueuesPerRound = 1_000;

    private readonly BrokerClock _clock;
    private readonly PriorityQueue<DueWake, long> _due = new();
    private readonly HashSet<LiveQueue> _waitedOn = [];
    private readonly ITimer _timer;
    private readonly LogEngine _engine;
    private long _timerAtMs = long.MaxValue;

    public Wakes(TimeProvider time, BrokerClock clock, LogEngine engine)
    {
        _engine = engine;
        _clock = clock;
        _timer = time.CreateTimer(static wakes => ((Wakes)wakes!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Told of queues that were met with messages for their dead-letter queues.</summary>
    public AsideQueues Aside { get; } = new();

    /// <summary>Told of delivery queues that have something to push.</summary>
    public DueDeliveries Due { get; } = new();

    /// <summary>All waiting ends: the broker stops.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Receives that wait.</summary>
    public int CountWaiting()
    {
        int count = 0;
        foreach (LiveQueue queue in _waitedOn) count += queue.Waiting?.Count ?? 0;
        return count;
    }

    /// <summary>The receive waits from here on; false when too many do. What is ready must have been taken before, in the same command.</summary>
    public bool TryWait(LiveQueue queue, Waiter waiter, bool atFront)
    {
        queue.Waiting ??= new WaitList();
        if (queue.Waiting.Count >= QueueLimits.WaitingPerQueueMax && !atFront) return false;
        queue.Waiting.Add(waiter, atFront);
        _waitedOn.Add(queue);
        Schedule(queue);
        return true;
    }

    /// <summary>The receive has come, or leaves: it holds no place and no promise any more. <see cref="Wake"/> passes on what it does not take.</summary>
    public void Settle(LiveQueue queue, Waiter waiter)
    {
        if (queue.Waiting is not { } list) return;
        list.Remove(waiter);
        list.Promised -= waiter.Promised;
        waiter.Promised = 0;
        if (!list.IsIdle) return;
        queue.Waiting = null;
        _waitedOn.Remove(queue);
    }

    /// <summary>Wakes as many receives as the ready messages need. Call it in every command that may have made a message ready, or left one.</summary>
    public void Wake(LiveQueue queue, long now)
    {
        if (queue.Subscription is { } subscription)
        {
            if (!queue.IsGathering) WakeDelivery(queue, now);
            else if (!subscription.Paused) Aside.Signal();
            return;
        }

        if (queue.Waiting is not { Count: > 0 } list) return;
        queue.State.Advance(now);
        Aside.Notice(queue);
        long ready = queue.State.Deliverable;
        while (ready > list.Promised && list.First is { } waiter)
        {
            list.Remove(waiter);
            if (!waiter.TryEnd(WaitEnd.Woken)) continue;
            waiter.Promised = waiter.Max;
            list.Promised += waiter.Max;
        }

        Schedule(queue);
    }

    /// <summary>Ends all waiting on a queue that is deleted.</summary>
    public void Close(LiveQueue queue)
    {
        while (queue.Waiting?.First is { } waiter)
        {
            queue.Waiting.Remove(waiter);
            waiter.TryEnd(WaitEnd.Closed);
        }

        _waitedOn.Remove(queue);
        Cancel(queue);
    }

    /// <summary>Ends all waiting.</summary>
    public void CloseAll()
    {
        IsClosed = true;
        foreach (LiveQueue queue in _waitedOn.ToArray()) Close(queue);
    }

    /// <summary>No timer comes any more, without a look at the engine.</summary>
    public void Abandon()
    {
        IsClosed = true;
        _timer.Dispose();
    }

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private void WakeDelivery(LiveQueue queue, long now)
    {
        if (queue.Deleted || IsClosed) return;
        queue.State.Advance(now);
        Due.Notice(queue);
        Schedule(queue);
    }

    private void Schedule(LiveQueue queue)
    {
        long due = queue.State.NextDueMs;
        bool isWatched = queue.Waiting is { Count: > 0 } || queue.Subscription is { Paused: false };
        if (!isWatched || due >= queue.WakeAtMs) return;
        Cancel(queue);
        queue.WakeAtMs = due;
        queue.DueWake = new DueWake { Queue = queue };
        _due.Enqueue(queue.DueWake, due);
        Arm();
    }

    // It stays in the heap until it is due, and holds nothing meanwhile.
    private static void Cancel(LiveQueue queue)
    {
        if (queue.DueWake is not { } wake) return;
        wake.Queue = null;
        (queue.DueWake, queue.WakeAtMs) = (null, long.MaxValue);
    }

    private void Arm()
    {
        if (!_due.TryPeek(out _, out long due) || due >= _timerAtMs) return;
        _timerAtMs = due;
        long wait = Math.Clamp(due - _clock.NowMs(), 1, int.MaxValue);
        _timer.Change(TimeSpan.FromMilliseconds(wait), Timeout.InfiniteTimeSpan);
    }

    private void OnTimer()
    {
        using Command command = _engine.BeginCommand(0);
        if (IsClosed) return;
        long now = _clock.NowMs();
        for (int round = 0; round < QueuesPerRound && _due.TryPeek(out DueWake? wake, out long due) && due <= now; round++)
        {
            _due.Dequeue();
            if (wake.Queue is not { } queue) continue;
            Cancel(queue);
            Wake(queue, now);
        }

        _timerAtMs = long.MaxValue;
        Arm();
    }
}

/// <summary>A look at a queue that is due at some time; null when it is cancelled.</summary>
internal sealed class DueWake
{
    public LiveQueue? Queue { get; set; }
}
