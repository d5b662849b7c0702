namespace Messaging.Broker.Groups;

/// <summary>One member at run time. Guarded by the sequencer; changed by <see cref="GroupMembers"/> alone, but for its session.</summary>
internal sealed class GroupMember(MemberId id, MemberProfile profile)
{
    public MemberId Id { get; set; } = id;

    public MemberProfile Profile { get; set; } = profile;

    /// <summary>Whose place it took last, by their common instance id; that client is told so.</summary>
    public MemberId? FencedId { get; set; }

    /// <summary>The generation that it has reached: it has given up all that is not its own there. 0 before the first.</summary>
    public int Epoch { get; set; }

    /// <summary>The one before: a client that never saw its last answer may show it.</summary>
    public int PreviousEpoch { get; set; }

    /// <summary>Partitions that it may use, among them those that it was asked to give up and has not.</summary>
    public HashSet<PartitionRef> Owned { get; } = [];

    /// <summary>Partitions that it is to have, in the order in which they were shared out.</summary>
    public PartitionRef[] Target { get; set; } = [];

    /// <summary>It is no member from this time on, unless it is heard of. Not journaled.</summary>
    public long SessionEndsMs { get; set; }

    /// <summary>
    /// It is no member from this time on, unless it has given up what it was asked to; <see cref="long.MaxValue"/> while that is nothing. Not journaled.
    /// </summary>
    public long RevokeEndsMs { get; set; } = long.MaxValue;

    public long DeadlineMs => Math.Min(SessionEndsMs, RevokeEndsMs);

    /// <summary>Heard of.</summary>
    public void Touch(long now) => SessionEndsMs = Math.Max(SessionEndsMs, now + Profile.SessionMs);
}
