namespace Messaging.TestKit;

/// <summary>
/// A clock that moves only when it is told to: the monotonic time by <see cref="Advance"/>, which fires timers in their order, the wall clock
/// beside it by <see cref="Step"/>. Safe for concurrent calls; timers' callbacks run on the thread that advances.
/// </summary>
public sealed class ManualTimeProvider : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<ManualTimer> _timers = [];
    private DateTimeOffset _wall;
    private long _ticks;

    /// <summary>At a time that is nobody's today.</summary>
    public ManualTimeProvider()
        : this(new DateTimeOffset(2040, 1, 1, 0, 0, 0, TimeSpan.Zero))
    {
    }

    public ManualTimeProvider(DateTimeOffset start) => _wall = start;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Timers that will fire some day: nobody polls when it is 0.</summary>
    public int ActiveTimers
    {
        get
        {
            lock (_lock) return _timers.Count;
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock) return _wall;
    }

    public override long GetTimestamp()
    {
        lock (_lock) return _ticks;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Time passes, timer by timer.</summary>
    public void Advance(TimeSpan time)
    {
        long end;
        lock (_lock) end = _ticks + time.Ticks;
        while (Next(end) is { } due) due.Fire();
    }

    /// <summary>The wall clock jumps; no time passes.</summary>
    public void Step(TimeSpan by)
    {
        lock (_lock) _wall += by;
    }

    // Moves to the next timer that is due by then, or to the end.
    private ManualTimer? Next(long end)
    {
        lock (_lock)
        {
            ManualTimer? next = null;
            foreach (ManualTimer timer in _timers)
            {
                if (timer.DueTicks <= end && (next is null || timer.DueTicks < next.DueTicks)) next = timer;
            }

            long to = next is null ? end : Math.Max(_ticks, next.DueTicks);
            _wall += TimeSpan.FromTicks(to - _ticks);
            _ticks = to;
            next?.Rearm();
            return next;
        }
    }

    private sealed class ManualTimer(ManualTimeProvider time, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period;

        public long DueTicks { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._lock)
            {
                time._timers.Remove(this);
                _period = period;
                if (dueTime == Timeout.InfiniteTimeSpan) return true;
                DueTicks = time._ticks + dueTime.Ticks;
                time._timers.Add(this);
                return true;
            }
        }

        public void Rearm()
        {
            if (_period <= TimeSpan.Zero) time._timers.Remove(this);
            else DueTicks += _period.Ticks;
        }

        public void Fire() => callback(state);

        public void Dispose()
        {
            lock (time._lock) time._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
