using Messaging.Broker.Queues;

namespace Messaging.Broker.Groups;

/// <summary>A member leaves for good: what it had is free at once. A static member that only restarts does not leave, and comes back within its session.</summary>
internal static class LeaveGroup
{
    /// <summary>Null when it has left.</summary>
    public static BrokerError? Decide(GroupChange change, IGroupTopics topics, MemberCheck caller)
    {
        ExpireMembers.Remove(change);
        BrokerError? refusal = caller.Find(change.State.Members, out GroupMember? member);
        if (refusal is null)
        {
            BufferEntryWriter entry = change.Begin(GroupEntryKind.Left);
            GroupWords.WriteId(ref entry, member!.Id);
            change.End(ref entry);
        }

        AssignPartitions.Decide(change, topics);
        return refusal;
    }

    /// <summary>A static member is sent away by its instance id, whoever has it now.</summary>
    public static BrokerError? Decide(GroupChange change, IGroupTopics topics, string instanceId) =>
        Decide(change, topics, new MemberCheck(change.State.Members.TryGetInstance(instanceId, out GroupMember? member) ? member.Id : default, instanceId));
}
