using Messaging.Broker.Topics;

namespace Messaging.Broker.Copies;

/// <summary>
/// Records that stand in a partition already and are still to be copied to queues: those of a transaction that was committed, those with which a subscription begins, or those that it gets again. Carried on by the
/// <see cref="CopyRunner"/>, in steps of one frame each, so that every copy is made once whatever crashes. Guarded by the sequencer.
/// </summary>
internal sealed class CopyTask
{
    /// <summary>Its own.</summary>
    public required long Id { get; init; }

    /// <summary>The partition's.</summary>
    public required long StreamId { get; init; }

    /// <summary>The next record to look at.</summary>
    public required long Cursor { get; set; }

    /// <summary>Behind the last one.</summary>
    public required long End { get; init; }

    /// <summary>Who gets copies; 0: all that <see cref="NumberMax"/> says.</summary>
    public long Subscription { get; init; }

    /// <summary>The number of the latest subscription that there was.</summary>
    public long NumberMax { get; init; }

    /// <summary>Only what this producer has published in its transaction; null: all that is committed.</summary>
    public long? ProducerId { get; init; }

    /// <summary>Only records of this time or later, in ms since 1970.</summary>
    public long FromMs { get; init; }

    /// <summary>Only records of before this time, in ms since 1970; 0: whatever theirs is.</summary>
    public long ToMs { get; init; }

    /// <summary>The one subscription has asked for them again.</summary>
    public bool IsReplay { get; init; }

    /// <summary>Transactions that were open when it began: where each begins. What they have is copied when they are committed.</summary>
    public IReadOnlyList<OpenTransaction> Open { get; init; } = [];
}
