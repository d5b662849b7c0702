using Messaging.Broker.Names;
using Messaging.Broker.Topics;

namespace Messaging.Broker.Groups;

/// <summary>One wait of a group fetch: for records of any of its partitions, and for changes of its group. It begins before the fetch looks once more, so that it misses nothing.</summary>
internal sealed class GroupWait : IDisposable
{
    private readonly FetchWaiter _waiter = new();
    private readonly GroupHost _host;
    private readonly GroupKey _key;
    private readonly LivePartition[] _partitions;

    public GroupWait(GroupHost host, in GroupKey key, LivePartition[] partitions)
    {
        (_host, _key, _partitions) = (host, key, partitions);
        host.Waits.Add(key, _waiter);
        foreach (LivePartition partition in partitions)
        {
            // Where too many wait, this one is answered at once, with what there is.
            if (!partition.Waits.TryAdd(_waiter)) _waiter.End(FetchEnd.Left);
        }
    }

    /// <summary>Until something comes, at most so long. False where the caller has left, or the broker stops.</summary>
    public async ValueTask<bool> EndAsync(TimeSpan most, CancellationToken cancellationToken)
    {
        TopicHost topics = _host.Topics;
        await using ITimer timer = topics.Time.CreateTimer(static waiter => ((FetchWaiter)waiter!).End(FetchEnd.Appended), _waiter, most, Timeout.InfiniteTimeSpan);
        await using CancellationTokenRegistration caller = cancellationToken.UnsafeRegister(static waiter => ((FetchWaiter)waiter!).End(FetchEnd.Left), _waiter);
        await using CancellationTokenRegistration stop = topics.Stopping.UnsafeRegister(static waiter => ((FetchWaiter)waiter!).End(FetchEnd.Left), _waiter);
        return await _waiter.Ended != FetchEnd.Left;
    }

    public void Dispose()
    {
        _host.Waits.Remove(_key, _waiter);
        foreach (LivePartition partition in _partitions) partition.Waits.Remove(_waiter);
    }
}
