using Messaging.Broker.Queues;

namespace Messaging.Broker.Groups;

/// <summary>
/// Members that were not heard of for their session, or did not give up in time what they were asked to, are members no more. Every operation begins with it;
/// the heartbeat of the broker runs it too.
/// </summary>
internal static class ExpireMembers
{
    /// <summary>And shares out anew among the others.</summary>
    public static void Decide(GroupChange change, IGroupTopics topics)
    {
        Remove(change);
        AssignPartitions.Decide(change, topics);
    }

    /// <summary>Leaves the assignment to whoever goes on.</summary>
    public static void Remove(GroupChange change)
    {
        List<MemberId> overdue = change.State.Members.Overdue(change.NowMs);
        if (overdue.Count == 0) return;
        BufferEntryWriter entry = change.Begin(GroupEntryKind.Left);
        foreach (MemberId id in overdue) GroupWords.WriteId(ref entry, id);
        change.End(ref entry);
    }
}
