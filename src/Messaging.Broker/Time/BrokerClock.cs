namespace Messaging.Broker.Time;

/// <summary>
/// Milliseconds since 1970 that never go back: monotonic time, anchored at the start at the wall clock or at the latest time that
/// the journal carries, whichever is later, so that no clock step can end or stretch every lease at once. It drifts towards the wall
/// clock by at most a tenth of the time that passes: a second of difference is gone after ten. Safe for concurrent calls.
/// </summary>
internal sealed class BrokerClock
{
    private const double DriftMax = 0.1;

    /// <summary>For so long after a look at the wall clock nobody looks again: three readings of clocks each are a percent of a busy server's time.</summary>
    private const double BlindMs = 1;

    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private long _timestamp;
    private double _nowMs;
    private long _latest;

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
            long before = _time.GetTimestamp();
            double unseen = _time.GetElapsedTime(_timestamp, before).TotalMilliseconds;
            if (unseen >= BlindMs)
            {
                Look(before);
                unseen = 0;
            }

            // A look may take back a tenth of what was told without one.
            _latest = Math.Max(_latest, (long)(_nowMs + unseen));
            return _latest;
        }
    }

    private void Look(long before)
    {
        double wallMs = WallMs();
        long timestamp = _time.GetTimestamp();
        double elapsed = _time.GetElapsedTime(_timestamp, timestamp).TotalMilliseconds;
        double now = _nowMs + elapsed;
        // By now the wall clock shows at least what was read, and at most that and all the time since before: a thread that was held up in between saw no step.
        double nearest = Math.Clamp(now, wallMs, wallMs + _time.GetElapsedTime(before, timestamp).TotalMilliseconds);
        double drift = elapsed * DriftMax;
        _nowMs = now + Math.Clamp(nearest - now, -drift, drift);
        _timestamp = timestamp;
    }

    // With its fraction, so that the clock does not waver around the millisecond.
    private double WallMs() => (_time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalMilliseconds;
}
