using Messaging.Broker.Queues;

namespace Messaging.Broker.Groups;

/// <summary>
/// A client becomes a member, or comes back as one. Who comes back under its id, or under its instance id, keeps what it has, and nobody else notices unless
/// it wants other topics. A client that begins anew has given up all that it was asked to, whether it knew or not.
/// </summary>
internal static class JoinGroup
{
    /// <summary>The answer, or why not.</summary>
    /// <param name="change">The command's.</param>
    /// <param name="topics">To share out anew.</param>
    /// <param name="request">What it wants, and who it is.</param>
    /// <param name="fresh">What it is called where it needs a new id.</param>
    /// <param name="owned">Partitions that a known member goes on with meanwhile; none: it begins anew.</param>
    public static Result<MemberAnswer> Decide(
        GroupChange change, IGroupTopics topics, JoinRequest request, MemberId fresh, ReadOnlySpan<PartitionRef> owned = default)
    {
        if (request.Validate() is { } invalid) return invalid;
        ExpireMembers.Remove(change);
        GroupMembers members = change.State.Members;
        MemberProfile profile = MemberProfile.Of(request);
        BrokerError? refusal = Find(members, request, out GroupMember? member)
            ?? (member is null && members.Count >= GroupLimits.MembersPerGroupMax
                ? new BrokerError(ErrorCode.TooManyMembers, $"A consumer group has at most {GroupLimits.MembersPerGroupMax} members.")
                : null)
            ?? Mismatch(members, request);
        if (refusal is null && AssignPartitions.CountWith(members, profile.Topics, topics) > GroupLimits.PartitionsPerGroupMax) refusal = GroupRefusals.TooManyPartitions;
        if (refusal is not null)
        {
            // Others that are over by now are so all the same.
            AssignPartitions.Decide(change, topics);
            return refusal;
        }

        MemberId id = request.MemberId ?? fresh;
        if (member is null || (member.Id == id && member.Profile != profile)) Enter(change, request, id, profile);
        else if (member.Id != id) Replace(change, member.Id, id, profile);
        members.TryGet(id, out member);
        member!.Touch(change.NowMs);
        AssignPartitions.Decide(change, topics);
        return ReconcileMember.Decide(change, topics, member, [.. owned]);
    }

    // Null: a new one.
    private static BrokerError? Find(GroupMembers members, JoinRequest request, out GroupMember? member)
    {
        member = null;
        if (request.MemberId is { } id)
        {
            if (new MemberCheck(id, request.InstanceId).Find(members, out member) is { } refusal) return refusal;
            return member!.Profile.InstanceId == request.InstanceId
                ? null
                : new BrokerError(ErrorCode.InvalidValue, "A member keeps its instance id.", "instanceId");
        }

        if (request.InstanceId is { } instance) members.TryGetInstance(instance, out member);
        return null;
    }

    private static BrokerError? Mismatch(GroupMembers members, JoinRequest request)
    {
        if (members.Count == 0) return null;
        if (request.Protocol is { } protocol && protocol != members.Protocol)
        {
            return new BrokerError(ErrorCode.GroupProtocolMismatch, "The consumer group's members rebalance by the other protocol.", "protocol");
        }

        return request.Strategy is { } strategy && strategy != members.Strategy
            ? new BrokerError(ErrorCode.GroupProtocolMismatch, "The consumer group's members share out by another strategy.", "strategy")
            : null;
    }

    private static void Enter(GroupChange change, JoinRequest request, MemberId id, MemberProfile profile)
    {
        GroupMembers members = change.State.Members;
        bool isFirst = members.Count == 0;
        BufferEntryWriter entry = change.Begin(GroupEntryKind.Joined);
        GroupWords.WriteId(ref entry, id);
        entry.Byte((byte)(isFirst ? request.Protocol ?? GroupProtocol.Cooperative : members.Protocol));
        entry.Byte((byte)(isFirst ? request.Strategy ?? Assignment.AssignmentStrategy.Sticky : members.Strategy));
        profile.Write(ref entry);
        change.End(ref entry);
    }

    private static void Replace(GroupChange change, MemberId old, MemberId id, MemberProfile profile)
    {
        BufferEntryWriter entry = change.Begin(GroupEntryKind.Replaced);
        GroupWords.WriteId(ref entry, old);
        GroupWords.WriteId(ref entry, id);
        profile.Write(ref entry);
        change.End(ref entry);
    }
}
