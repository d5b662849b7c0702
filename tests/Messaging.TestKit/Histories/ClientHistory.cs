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
internal sealed class ClientHistory : CallLog
{
    private readonly List<SendEvent> _sends = [];
    private readonly List<ReceiveEvent> _receives = [];
    private readonly List<SettleEvent> _settles = [];

    public IReadOnlyList<SendEvent> Sends => _sends;

    public IReadOnlyList<ReceiveEvent> Receives => _receives;

    public IReadOnlyList<SettleEvent> Settles => _settles;

    public void Add(IEnumerable<SendEvent> sends) => Add(() => _sends.AddRange(sends));

    public void Add(ReceiveEvent receive) => Add(() => _receives.Add(receive));

    public void Add(IEnumerable<SettleEvent> settles) => Add(() => _settles.AddRange(settles));
}
