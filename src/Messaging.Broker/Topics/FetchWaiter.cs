namespace Messaging.Broker.Topics;

/// <summary>Why a waiting fetch goes on.</summary>
internal enum FetchEnd
{
    /// <summary>There is more in one of its partitions.</summary>
    Appended,

    /// <summary>Its time is over, or its caller has left, or the broker stops.</summary>
    Left,

    /// <summary>A partition is gone.</summary>
    Closed,

    /// <summary>It never waited: too many do.</summary>
    Refused,
}

/// <summary>One wait of a fetch, on one partition or on many; the first word ends it. Safe for concurrent calls.</summary>
internal sealed class FetchWaiter
{
    private readonly TaskCompletionSource<FetchEnd> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<FetchEnd> Ended => _end.Task;

    public void End(FetchEnd end) => _end.TrySetResult(end);
}
