using Messaging.Broker.Groups.Assignment;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Groups;

/// <summary>
/// Makes the assignment anew where members or topics have changed: at once in a cooperative group, when everything was given up in an eager one. Whom it gives
/// what, each learns by its next heartbeat. Of a group that would have more than <see cref="GroupLimits.PartitionsPerGroupMax"/> since topics grew, the first
/// ones are shared out.
/// </summary>
internal static class AssignPartitions
{
    public static void Decide(GroupChange change, IGroupTopics topics)
    {
        GroupMembers members = change.State.Members;
        if (!members.IsTargetStale || (members.IsPreparing && members.Held > 0)) return;
        TopicName[] names = Names(members);
        int[] counts = new int[names.Length];
        PartitionRef[] universe = Universe(names, topics, counts);
        GroupMember[] order = members.InOrder();
        var input = new AssignmentInput(counts, Subscriptions(order, names), Previous(order, universe));
        int[] owners = Assignor.Assign(members.Strategy, input);
        BufferEntryWriter entry = change.Begin(GroupEntryKind.Assigned);
        entry.Unsigned(members.Generation + 1);
        GroupWords.WriteOwners(ref entry, universe, owners);
        change.End(ref entry);
    }

    /// <summary>A topic came, grew or went, perhaps. Nothing happens where the members' topics have the partitions that they had.</summary>
    public static void TopicsChanged(GroupChange change, IGroupTopics topics)
    {
        ExpireMembers.Remove(change);
        GroupMembers members = change.State.Members;
        TopicName[] names = Names(members);
        if (members.Count > 0 && !members.IsTargetStale && !Universe(names, topics, new int[names.Length]).AsSpan().SequenceEqual(members.Universe))
        {
            BufferEntryWriter entry = change.Begin(GroupEntryKind.TopicsChanged);
            change.End(ref entry);
        }

        Decide(change, topics);
    }

    /// <summary>Partitions that the group would share out with a member of these topics too.</summary>
    public static long CountWith(GroupMembers members, TopicName[] more, IGroupTopics topics)
    {
        long count = 0;
        foreach (TopicName topic in members.Topics) count += topics.PartitionsOf(topic).Length;
        foreach (TopicName topic in more) count += members.Wants(topic) ? 0 : topics.PartitionsOf(topic).Length;
        return count;
    }

    private static TopicName[] Names(GroupMembers members)
    {
        TopicName[] names = [.. members.Topics];
        Array.Sort(names, TopicOrder.Instance);
        return names;
    }

    private static PartitionRef[] Universe(TopicName[] names, IGroupTopics topics, int[] counts)
    {
        var universe = new List<PartitionRef>();
        for (int i = 0; i < names.Length; i++)
        {
            ReadOnlySpan<PartitionRef> partitions = topics.PartitionsOf(names[i]);
            counts[i] = Math.Min(partitions.Length, GroupLimits.PartitionsPerGroupMax - universe.Count);
            universe.AddRange(partitions[..counts[i]]);
        }

        return [.. universe];
    }

    private static int[][] Subscriptions(GroupMember[] order, TopicName[] names)
    {
        var places = new Dictionary<TopicName, int>(names.Length);
        for (int i = 0; i < names.Length; i++) places.Add(names[i], i);
        int[][] subscriptions = new int[order.Length][];
        for (int i = 0; i < order.Length; i++)
        {
            TopicName[] wanted = order[i].Profile.Topics;
            subscriptions[i] = new int[wanted.Length];
            for (int j = 0; j < wanted.Length; j++) subscriptions[i][j] = places[wanted[j]];
        }

        return subscriptions;
    }

    // What each was to have, whether it has it by now or not: two changes in a row move no more than one.
    private static int[] Previous(GroupMember[] order, PartitionRef[] universe)
    {
        var places = new Dictionary<PartitionRef, int>(universe.Length);
        for (int i = 0; i < universe.Length; i++) places.Add(universe[i], i);
        int[] previous = new int[universe.Length];
        Array.Fill(previous, AssignmentInput.Nobody);
        for (int i = 0; i < order.Length; i++)
        {
            foreach (PartitionRef partition in order[i].Target)
            {
                if (places.TryGetValue(partition, out int place)) previous[place] = i;
            }
        }

        return previous;
    }
}
