namespace Messaging.Simulation.Topics;

/// <summary>What clients know of the end of a transaction.</summary>
internal enum Ending
{
    /// <summary>Nobody has asked for one.</summary>
    Open,

    /// <summary>A commit was asked for, and not answered.</summary>
    Unknown,

    Committed,

    /// <summary>An abort was asked for, or the producer's next instance: committed it never is.</summary>
    Aborted,
}

/// <summary>One transaction of a producer.</summary>
internal sealed class SentTransaction
{
    public Ending Ending { get; set; } = Ending.Open;

    /// <summary>After it the broker may have aborted it by itself. Milliseconds.</summary>
    public long DueMs { get; init; } = long.MaxValue;
}

/// <summary>A record that a client has sent, and what is known of it.</summary>
internal sealed class SentRecord
{
    /// <summary>Of all records of a run; it travels in a header.</summary>
    public required int Id { get; init; }

    public string? Key { get; init; }

    /// <summary>Null is a tombstone.</summary>
    public byte[]? Value { get; init; }

    public long SentMs { get; init; }

    public SentTransaction? Transaction { get; init; }

    /// <summary>Sent by who was fenced before: it must be nowhere.</summary>
    public bool IsForbidden { get; init; }

    /// <summary>Where it is; null as long as nobody has been told, or has seen it.</summary>
    public long? Offset { get; set; }

    /// <summary>It was refused, or a crash has taken it away: it is nowhere.</summary>
    public bool IsNowhere { get; set; }

    public bool IsTombstone => Value is null;

    public override string ToString() => $"record {Id} ({Key ?? "no key"}{(IsTombstone ? ", a tombstone" : "")}{(Transaction is { } transaction ? $", {transaction.Ending}" : "")}) at {Offset?.ToString() ?? "?"}";
}
