namespace Messaging.Broker.Groups.Assignment;

/// <summary>
/// Kafka's range: of each topic every subscriber gets a run of neighbours, and the first ones one more where they don't come out even. O(partitions).
/// </summary>
internal static class RangeAssignor
{
    public static int[] Assign(AssignmentInput input)
    {
        int[] owners = new int[input.Partitions];
        Array.Fill(owners, AssignmentInput.Nobody);
        for (int topic = 0; topic < input.Topics; topic++)
        {
            ReadOnlySpan<int> subscribers = input.SubscribersOf(topic);
            if (subscribers.IsEmpty) continue;
            int next = input.FirstOf(topic);
            (int share, int more) = Math.DivRem(input.FirstOf(topic + 1) - next, subscribers.Length);
            for (int i = 0; i < subscribers.Length; i++)
            {
                int count = share + (i < more ? 1 : 0);
                owners.AsSpan(next, count).Fill(subscribers[i]);
                next += count;
            }
        }

        return owners;
    }
}
