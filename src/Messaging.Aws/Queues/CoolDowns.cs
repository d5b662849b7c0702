using System.Collections.Concurrent;
using Messaging.Broker.Names;

namespace Messaging.Aws.Queues;

/// <summary>
/// The minute after a queue was deleted, in which its name can't be used again, and after it was purged, in which it can't be purged again: clients of Amazon SQS count on these answers, and nothing else hangs on
/// them. So they are remembered here and not in the log: a restart forgets them. Thread-safe.
/// </summary>
internal sealed class CoolDowns(int seconds, TimeProvider clock)
{
    private readonly TimeSpan _window = TimeSpan.FromSeconds(seconds);
    private readonly ConcurrentDictionary<QueueKey, long> _deleted = new();
    private readonly ConcurrentDictionary<QueueKey, long> _purged = new();
    private readonly Lock _purging = new();

    // The broker's count of resets at which all above was remembered.
    private int _resets;

    public void Deleted(in QueueKey queue)
    {
        _purged.TryRemove(queue, out _);
        Remember(_deleted, queue);
    }

    /// <summary>Whether it was deleted within the window.</summary>
    public bool IsDeleted(in QueueKey queue) => IsWithin(_deleted, queue);

    /// <summary>False where it was purged within the window; else it is now.</summary>
    public bool TryPurge(in QueueKey queue)
    {
        lock (_purging)
        {
            if (IsWithin(_purged, queue))
                return false;
            Remember(_purged, queue);
            return true;
        }
    }

    /// <summary>It was not purged after all.</summary>
    public void NotPurged(in QueueKey queue) => _purged.TryRemove(queue, out _);

    /// <summary>Forgets everything where the server was reset since.</summary>
    public void Follow(int resets)
    {
        int seen = Volatile.Read(ref _resets);
        if (resets <= seen || Interlocked.CompareExchange(ref _resets, resets, seen) != seen)
            return;
        _deleted.Clear();
        _purged.Clear();
    }

    private bool IsWithin(ConcurrentDictionary<QueueKey, long> times, in QueueKey queue) =>
        times.TryGetValue(queue, out long time) && clock.GetElapsedTime(time) < _window;

    private void Remember(ConcurrentDictionary<QueueKey, long> times, in QueueKey queue)
    {
        if (_window <= TimeSpan.Zero)
            return;
        if (times.Count >= AwsLimits.CoolDownsMax)
            Trim(times);
        times[queue] = clock.GetTimestamp();
    }

    // What is over goes; where that is not enough, everything: what is lost are answers, not messages.
    private void Trim(ConcurrentDictionary<QueueKey, long> times)
    {
        foreach ((QueueKey queue, long time) in times)
        {
            if (clock.GetElapsedTime(time) >= _window)
                times.TryRemove(queue, out _);
        }
        if (times.Count >= AwsLimits.CoolDownsMax)
            times.Clear();
    }
}
