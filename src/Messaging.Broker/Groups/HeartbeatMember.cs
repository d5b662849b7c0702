namespace Messaging.Broker.Groups;

/// <summary>
/// A member is there, says what it has, and is told what it is to have. Journals only what changes: nothing, most of the time. A member has one heartbeat in
/// flight at a time.
/// </summary>
internal static class HeartbeatMember
{
    /// <param name="change">The command's.</param>
    /// <param name="topics">To share out anew, where somebody else is over.</param>
    /// <param name="caller">Who it says it is.</param>
    /// <param name="generation">What it has reached; the one before is good for a client that missed its last answer, but gives nothing up.</param>
    /// <param name="owned">Partitions that it has now; null: as it was told last, nothing was given up.</param>
    public static Result<MemberAnswer> Decide(GroupChange change, IGroupTopics topics, MemberCheck caller, int generation, PartitionRef[]? owned)
    {
        ExpireMembers.Decide(change, topics);
        BrokerError? refusal = caller.Find(change.State.Members, out GroupMember? member);
        if (refusal is not null) return refusal;
        bool isCurrent = generation == member!.Epoch;
        if (!isCurrent && generation != member.PreviousEpoch) return GroupRefusals.Stale(generation, member.Epoch);
        member.Touch(change.NowMs);
        return ReconcileMember.Decide(change, topics, member, isCurrent && owned is not null ? [.. owned] : null);
    }
}
