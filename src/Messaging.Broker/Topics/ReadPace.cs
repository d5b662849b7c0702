namespace Messaging.Broker.Topics;

/// <summary>
/// Leaves the disk to the journal while that is busy: whoever has read old records from the disk, and not from memory, makes all who want such records rest for some times as long, whatever the disk's
/// speed. How busy the journal is shows in how often it is found committing: readers rest not at all where it has the disk for half of the time, and the longest where it has it all the time. Nobody rests
/// longer than <see cref="TopicLimits.ReadRestMsMax"/>, however many read. Thread-safe.
/// </summary>
internal sealed class ReadPace(TimeProvider time, Func<bool> isCommitting)
{
    /// <summary>How many times as long as their reads readers rest at most: publishers keep most of what they have alone (publish-while-reading).</summary>
    public const int RestFactorMax = 8;

    /// <summary>Found committing less often, the journal has no need of what readers leave.</summary>
    private const double BusyShareMin = 0.5;

    /// <summary>How much the last look counts: some tens of reads tell.</summary>
    private const double LookWeight = 1.0 / 16;

    /// <summary>What timers can tell apart.</summary>
    private static readonly TimeSpan WaitMin = TimeSpan.FromMilliseconds(1);

    private readonly long _restTicksMax = TopicLimits.ReadRestMsMax * time.TimestampFrequency / 1_000;
    private readonly Lock _lock = new();
    private double _busyShare;
    private long _restEnds;
    private long _chargedUntil = time.GetTimestamp();

    /// <summary>Once, as long as there is a rest to keep; a caller that is cancelled goes on at once, which throws nothing.</summary>
    public async ValueTask RestAsync(CancellationToken cancellationToken)
    {
        TimeSpan left = Left();
        if (left <= TimeSpan.Zero) return;
        await Task.Delay(left < WaitMin ? WaitMin : left, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Somebody has waited for the disk since then (a timestamp of the clock). Of reads at the same time, each moment counts once.</summary>
    public void Add(long began)
    {
        bool isBusy = isCommitting();
        lock (_lock)
        {
            long now = time.GetTimestamp();
            long read = now - Math.Max(began, _chargedUntil);
            _chargedUntil = now;
            _busyShare += ((isBusy ? 1 : 0) - _busyShare) * LookWeight;
            if (_busyShare <= BusyShareMin) return;
            long rest = (long)(read * (RestFactorMax * (_busyShare - BusyShareMin) / (1 - BusyShareMin)));
            _restEnds = Math.Min(Math.Max(_restEnds, now) + rest, now + _restTicksMax);
        }
    }

    private TimeSpan Left()
    {
        lock (_lock)
        {
            return time.GetElapsedTime(time.GetTimestamp(), _restEnds);
        }
    }
}
