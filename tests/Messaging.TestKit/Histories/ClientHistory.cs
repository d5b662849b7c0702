namespace Messaging.TestKit.Histories;

/// <summary>What a client knows of a call when it is over.</summary>
internal enum Outcome
{
    Succeeded,
    /// <summary>The server said no: it must not have happened.</summary>
    Refused,
    /// <summary>There was no answer: it may have happened or not.</summary>
    Unknown,
}

internal enum SettleKind
{
    Acknowledge,
    Extend,
    Release,
}

/// <summary>When a call was begun and when its client knew the outcome, on the clients' clock.</summary>
internal readonly record struct CallTime(DateTimeOffset Began, DateTimeOffset Ended);

/// <summary>One message of a send; those of one call share its number.</summary>
internal sealed record SendEvent(long Call, CallTime Time, Outcome Outcome, string Key, byte[] Body, int DelaySeconds, string? Id);

/// <summary>One receive with what it brought.</summary>
internal sealed record ReceiveEvent(CallTime Time, Outcome Outcome, int LeaseSeconds, IReadOnlyList<Delivery> Deliveries);

/// <summary>One message that was acknowledged, extended or released by the receipt of one delivery.</summary>
internal sealed record SettleEvent(CallTime Time, Outcome Outcome, SettleKind Kind, string Id, int ReceiveCount, int Seconds, string? Refusal);

/// <summary>
/// The log of all clients of one queue over all restarts of its server (engine.md section 10). Thread-safe; read it when all clients are done.
/// </summary>
internal sealed class ClientHistory
{
    private readonly Lock _lock = new();
    private readonly List<SendEvent> _sends = [];
    private readonly List<ReceiveEvent> _receives = [];
    private readonly List<SettleEvent> _settles = [];
    private readonly List<(int Calls, TaskCompletionSource Reached)> _waiting = [];
    private int _answered;
    private long _lastCall;

    public IReadOnlyList<SendEvent> Sends => _sends;

    public IReadOnlyList<ReceiveEvent> Receives => _receives;

    public IReadOnlyList<SettleEvent> Settles => _settles;

    /// <summary>Answers in which the server said that it failed (500).</summary>
    public int Faults { get; private set; }

    /// <summary>Answers with messages that could not be read from the disk.</summary>
    public int Damages { get; private set; }

    /// <summary>Calls that succeeded.</summary>
    public int Answered => Volatile.Read(ref _answered);

    public long NextCall() => Interlocked.Increment(ref _lastCall);

    public void Add(IEnumerable<SendEvent> sends) => Add(() => _sends.AddRange(sends));

    public void Add(ReceiveEvent receive) => Add(() => _receives.Add(receive));

    public void Add(IEnumerable<SettleEvent> settles) => Add(() => _settles.AddRange(settles));

    public void AddFault() => Add(() => Faults++);

    public void AddDamage() => Add(() => Damages++);

    /// <summary>The disk was taken away: what could not be read since is no damage.</summary>
    public void ForgiveDamages() => Add(() => Damages = 0);

    public void AddAnswer()
    {
        lock (_lock)
        {
            _answered++;
            foreach ((int calls, TaskCompletionSource reached) in _waiting)
            {
                if (_answered >= calls) reached.TrySetResult();
            }
        }
    }

    /// <summary>Completes when so many more calls have succeeded.</summary>
    public Task MoreAnswersAsync(int calls)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
            _waiting.Add((_answered + calls, reached));
        return reached.Task;
    }

    private void Add(Action add)
    {
        lock (_lock)
            add();
    }
}
