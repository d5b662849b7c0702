using Messaging.Broker.Names;

namespace Messaging.Broker.Operations;

/// <summary>
/// A long operation of one moment: a redrive, the only kind so far. It takes the messages that were in the queue when it started and are ready when it comes to them,
/// once, in their order; what is leased or delayed by then stays. Times are ms since 1970. Immutable.
/// </summary>
public sealed record LongOperation
{
    /// <summary>Its name.</summary>
    public required OperationId Id { get; init; }

    /// <summary>The queue that messages are taken from.</summary>
    public required QueueKey Queue { get; init; }

    /// <summary>What was asked for.</summary>
    public required RedriveRequest Request { get; init; }

    /// <summary>How far it is.</summary>
    public OperationStatus Status { get; init; }

    /// <summary>Messages that were moved; exact, as all that follows.</summary>
    public long Moved { get; init; }

    /// <summary>Messages that could not be moved, and stay; <see cref="FailureReason"/> says why the first could not.</summary>
    public long Failed { get; init; }

    /// <summary>Messages that the filter left out, and that stay.</summary>
    public long Skipped { get; init; }

    /// <summary>Messages that were ready at the start.</summary>
    public long ApproximateTotal { get; init; }

    /// <summary>When it was started.</summary>
    public required long StartedMs { get; init; }

    /// <summary>When it ended; 0: not yet.</summary>
    public long EndedMs { get; init; }

    /// <summary>Why it failed, or why the first of the messages that could not be moved could not; null: nothing did.</summary>
    public string? FailureReason { get; init; }

    /// <summary>They rise; no two have the same.</summary>
    internal long Number { get; init; }

    internal long StreamId { get; init; }

    /// <summary>All below was looked at.</summary>
    internal long Cursor { get; init; }

    /// <summary>The queue's end at the start.</summary>
    internal long EndOffset { get; init; }

    internal bool HasEnded => Status is not (OperationStatus.Running or OperationStatus.Cancelling);
}
