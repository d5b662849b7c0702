namespace Messaging.Broker.Topics;

/// <summary>
/// Leaves the disk to the journal while that is busy: whoever has read old records from the disk, and not from memory, makes all who want such records rest for some times as long, whatever the disk's
/// speed. How busy the journal is shows in how often it is found committing: readers rest not at all where it has the disk for half of the time, and the longest where it has it all the time. Thread-safe.
/// </summary>
internal sealed class ReadPace(TimeProvider time, Func<bool> isCommitting)
{
    /// <summary>How many times as long as their reads readers rest at most: publishers keep most of what they have alone (publish-while-reading).</summary>
    public const int RestFactorMax = 8;

    /// <summary>No read is worth a longer rest.</summary>
    public static readonly TimeSpan RestMax = TimeSpan.FromMilliseconds(250);

    /// <summary>Found committing less often, the journal has no need of what readers leave.</summary>
    private const double BusyShareMin = 0.5;

    /// <summary>How much the last look counts: some tens of reads tell.</summary>
    private const double LookWeight = 1.0 / 16;

    /// <summary>What timers can tell apart.</summary>
    private static readonly TimeSpan WaitMin = TimeSpan.FromMilliseconds(1);

    private readonly Lock _lock = new();
    private double _busyShare;
    private long _restEnds;

    /// <summary>Until nobody has to rest, or the caller is cancelled, which throws nothing.</summary>
    public async ValueTask RestAsync(CancellationToken cancellationToken)
    {
        for (TimeSpan left = Left(); left > TimeSpan.Zero && !cancellationToken.IsCancellationRequested; left = Left())
        {
            await Task.Delay(left < WaitMin ? WaitMin : left, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Somebody has waited for the disk for so long.</summary>
    public void Add(TimeSpan read)
    {
        bool isBusy = isCommitting();
        lock (_lock)
        {
            _busyShare += ((isBusy ? 1 : 0) - _busyShare) * LookWeight;
            if (_busyShare <= BusyShareMin) return;
            TimeSpan rest = read * (RestFactorMax * (_busyShare - BusyShareMin) / (1 - BusyShareMin));
            rest = rest < RestMax ? rest : RestMax;
            _restEnds = Math.Max(_restEnds, time.GetTimestamp()) + (long)(rest.TotalSeconds * time.TimestampFrequency);
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
