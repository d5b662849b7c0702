namespace Messaging.Broker.Queues;

/// <summary>Why a waiting receive goes on.</summary>
internal enum WaitEnd
{
    /// <summary>There may be a message for it.</summary>
    Woken,

    /// <summary>Its time is over, or its caller has left.</summary>
    Left,

    /// <summary>The queue is deleted or the broker stops.</summary>
    Closed,
}

/// <summary>
/// One waiting receive: rounds of waiting and looking. Its links, its place and its promise belong to the sequencer;
/// <see cref="Leave"/> may come at any time, from its timer or its caller.
/// </summary>
internal sealed class Waiter(int max)
{
    private readonly Lock _lock = new();
    private TaskCompletionSource<WaitEnd> _end = New();

    /// <summary>Messages that it would take.</summary>
    public int Max => max;

    public Task<WaitEnd> Ended => _end.Task;

    public bool HasLeft { get; private set; }

    /// <summary>How often it has begun to wait.</summary>
    public int Rounds { get; set; }

    /// <summary>Messages that a wake has promised it and that it has not come for yet.</summary>
    public int Promised { get; set; }

    public bool IsListed { get; set; }

    public Waiter? Previous { get; set; }

    public Waiter? Next { get; set; }

    /// <summary>False when it has ended otherwise before.</summary>
    public bool TryEnd(WaitEnd end) => _end.TrySetResult(end);

    /// <summary>It does not wait any more, in this round or another.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            HasLeft = true;
            _end.TrySetResult(WaitEnd.Left);
        }
    }

    /// <summary>A new round.</summary>
    public void Again()
    {
        lock (_lock)
        {
            _end = New();
            if (HasLeft) _end.SetResult(WaitEnd.Left);
        }
    }

    private static TaskCompletionSource<WaitEnd> New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
