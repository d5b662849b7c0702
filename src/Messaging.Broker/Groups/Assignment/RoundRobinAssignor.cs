namespace Messaging.Broker.Groups.Assignment;

/// <summary>
/// Kafka's round-robin: partition after partition goes to the next member in the circle that wants its topic, and the circle goes on from there, from topic to
/// topic. O(partitions x log members).
/// </summary>
internal static class RoundRobinAssignor
{
    public static int[] Assign(AssignmentInput input)
    {
        int[] owners = new int[input.Partitions];
        Array.Fill(owners, AssignmentInput.Nobody);
        int turn = 0;
        for (int topic = 0; topic < input.Topics; topic++)
        {
            ReadOnlySpan<int> subscribers = input.SubscribersOf(topic);
            if (subscribers.IsEmpty) continue;
            for (int partition = input.FirstOf(topic); partition < input.FirstOf(topic + 1); partition++)
            {
                int place = subscribers.BinarySearch(turn);
                if (place < 0) place = ~place;
                int member = subscribers[place == subscribers.Length ? 0 : place];
                owners[partition] = member;
                turn = member + 1;
            }
        }

        return owners;
    }
}
