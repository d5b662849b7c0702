namespace Messaging.Broker.Time;

/// <summary>
/// Milliseconds since 1970 that never go back: monotonic time, anchored at the start at the wall clock or at the latest time that
/// the journal carries, whichever is later, so that no clock step can end or stretch every lease at once. It drifts towards the wall
/// clock by at most a tenth of the time that passes: a second of difference is gone after ten. Safe for concurrent calls.
/// </summary>
internal sealed class BrokerClock
{
    private const double DriftMax = 0.1;

    /// <summary>A thread that is held up between the two clocks would see them differ by as long: then it looks again.</summary>
    private const int LooksMax = 8;

    private static readonly TimeSpan SameMoment = TimeSpan.FromMilliseconds(1);

    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private long _timestamp;
    private double _nowMs;

    public BrokerClock(TimeProvider time, long floorMs)
    {
        _time = time;
        _timestamp = time.GetTimestamp();
        _nowMs = Math.Max(WallMs(), floorMs);
    }

    public long NowMs()
    {
        lock (_lock)
        {
            (long timestamp, double wallMs) = Look();
            double elapsed = _time.GetElapsedTime(_timestamp, timestamp).TotalMilliseconds;
            if (elapsed <= 0) return (long)_nowMs;
            double now = _nowMs + elapsed;
            double drift = elapsed * DriftMax;
            _nowMs = now + Math.Clamp(wallMs - now, -drift, drift);
            _timestamp = timestamp;
            return (long)_nowMs;
        }
    }

    // Both clocks at one moment.
    private (long Timestamp, double WallMs) Look()
    {
        long before = _time.GetTimestamp();
        for (int looks = 1; ; looks++)
        {
            double wallMs = WallMs();
            long after = _time.GetTimestamp();
            if (looks == LooksMax || _time.GetElapsedTime(before, after) <= SameMoment) return (after, wallMs);
            before = after;
        }
    }

    // With its fraction, so that the clock does not waver around the millisecond.
    private double WallMs() => (_time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalMilliseconds;
}
