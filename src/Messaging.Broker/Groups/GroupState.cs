using Messaging.Broker.Names;

namespace Messaging.Broker.Groups;

/// <summary>
/// A consumer group at run time: state = expire(fold(entries), now), both pure. Members and their assignments on one side, committed offsets and leases on the
/// other.
/// </summary>
/// <remarks>
/// Guarded by the sequencer; recovery has one thread. The operations decide against it and write entries by a <see cref="GroupChange"/>, which applies each by
/// the fold (<see cref="GroupEntries"/>): there is no second way to change it. Only when a member was last heard of is not journaled;
/// <see cref="GroupMembers.SessionsFrom"/> begins that anew.
/// </remarks>
internal sealed class GroupState(long streamId)
{
    private const long MsPerSecond = 1_000;

    /// <summary>The log that it is folded from.</summary>
    public long StreamId { get; } = streamId;

    public GroupKey Key { get; private set; }

    public GroupMembers Members { get; } = new();

    public GroupOffsets Offsets { get; } = new();

    /// <summary>How long offsets are kept once the last member has left.</summary>
    public long OffsetRetentionMs { get; private set; } = GroupLimits.OffsetRetentionSecondsDefault * MsPerSecond;

    /// <summary>The latest time that an entry carried, or that this process has seen.</summary>
    public long LastNowMs { get; private set; }

    /// <summary>When time alone may change something that is journaled or remembered: a member is over, or an offset; perhaps early, never late.</summary>
    public long NextDueMs => Members.Count > 0 ? Members.NextDeadlineMs : Offsets.NextExpiryMs;

    /// <summary>Right after <see cref="Advance"/>.</summary>
    public GroupStatus Status => Members switch
    {
        { Count: 0 } => Offsets.Count > 0 ? GroupStatus.Empty : GroupStatus.Dead,
        { IsPreparing: true } => GroupStatus.PreparingRebalance,
        { IsTargetStale: true } => GroupStatus.Assigning,
        { IsSettled: true } => GroupStatus.Stable,
        { Protocol: GroupProtocol.Eager } => GroupStatus.CompletingRebalance,
        _ => GroupStatus.Reconciling,
    };

    /// <summary>Forgets offsets that are over. Sessions end by an entry: when they began is not in the journal.</summary>
    public void Advance(long now)
    {
        LastNowMs = Math.Max(LastNowMs, now);
        if (Members.Count == 0) Offsets.Expire(LastNowMs, Members.EmptySinceMs, OffsetRetentionMs);
    }

    public void ApplyOpened(GroupKey key) => Key = key;

    public void ApplyRetention(long retentionMs)
    {
        OffsetRetentionMs = retentionMs;
        Offsets.LookAgain();
    }

    public void ApplyLeft(long now, ReadOnlySpan<MemberId> ids)
    {
        Members.ApplyLeft(now, ids);
        Offsets.LookAgain();
    }

    public void RestoreTime(long now) => LastNowMs = now;
}
