namespace Messaging.Broker.Groups;

/// <summary>Who calls: what a client shows of its membership. A value.</summary>
/// <param name="Id">What the broker calls it.</param>
/// <param name="InstanceId">Its own name, where it is a static member and shows it.</param>
internal readonly record struct MemberCheck(MemberId Id, string? InstanceId = null)
{
    /// <summary>Whether it is a member: a client whose place was taken is told so, as long as whoever took it is there.</summary>
    public BrokerError? Find(GroupMembers members, out GroupMember? member)
    {
        member = null;
        if (InstanceId is not null)
        {
            if (!members.TryGetInstance(InstanceId, out GroupMember? holder)) return GroupRefusals.Unknown;
            if (holder.Id != Id) return GroupRefusals.Fenced;
        }

        if (members.TryGet(Id, out member)) return null;
        return members.IsFenced(Id) ? GroupRefusals.Fenced : GroupRefusals.Unknown;
    }
}
