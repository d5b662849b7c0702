using Messaging.Storage;

namespace Messaging.Broker.Topics;

/// <summary>
/// The fetches that wait for more of one partition. Told by the journal's thread when records are synced, and therefore visible; a partition on which nobody waits is not
/// even looked at. Safe for concurrent calls.
/// </summary>
internal sealed class FetchWaits(LogStream stream) : IStreamWatcher
{
    private readonly Lock _lock = new();
    private List<FetchWaiter>? _waiting;
    private bool _isClosed;

    /// <summary>From here on the waiter is ended by what is synced; who calls looks again afterwards, for what came before. False where too many wait.</summary>
    public bool TryAdd(FetchWaiter waiter)
    {
        lock (_lock)
        {
            if (_waiting?.Count >= TopicLimits.WaitingPerPartitionMax) return false;
            if (_isClosed)
            {
                waiter.End(FetchEnd.Closed);
                return true;
            }

            (_waiting ??= []).Add(waiter);
            stream.Watcher = this;
            return true;
        }
    }

    /// <summary>It waits no more.</summary>
    public void Remove(FetchWaiter waiter)
    {
        lock (_lock)
        {
            if (_waiting?.Remove(waiter) != true || _waiting.Count > 0) return;
            (_waiting, stream.Watcher) = (null, null);
        }
    }

    /// <summary>The partition is deleted: all waiting ends.</summary>
    public void Close() => EndAll(FetchEnd.Closed, isLast: true);

    void IStreamWatcher.Appended(LogStream appended) => EndAll(FetchEnd.Appended, isLast: false);

    private void EndAll(FetchEnd end, bool isLast)
    {
        lock (_lock)
        {
            _isClosed |= isLast;
            foreach (FetchWaiter waiter in _waiting ?? []) waiter.End(end);
            (_waiting, stream.Watcher) = (null, null);
        }
    }
}
