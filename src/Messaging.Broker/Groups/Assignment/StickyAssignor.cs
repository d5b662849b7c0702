namespace Messaging.Broker.Groups.Assignment;

/// <summary>
/// Each member keeps what it had as far as balance allows. Where all want the same topics, members differ by at most one partition, and no assignment that is
/// so balanced moves fewer. Else it is balanced as Kafka's sticky assignor is: no partition could go to another subscriber of its topic that has fewer by two
/// or more; what moves for that is taken from the most loaded first.
/// </summary>
internal static class StickyAssignor
{
    public static int[] Assign(AssignmentInput input)
    {
        int[] owners = new int[input.Partitions];
        Array.Fill(owners, AssignmentInput.Nobody);
        if (input.Members == 0) return owners;
        int[] held = new int[input.Members];
        for (int topic = 0; topic < input.Topics; topic++)
        {
            for (int partition = input.FirstOf(topic); partition < input.FirstOf(topic + 1); partition++)
            {
                int keeper = input.KeeperOf(partition, topic);
                owners[partition] = keeper;
                if (keeper >= 0) held[keeper]++;
            }
        }

        if (input.IsUniform) ShareEvenly(owners, held);
        else new StickyBalance(input, owners, held).Run();
        return owners;
    }

    // Everybody may have everything: a quota each, and one more for the first of those that hold more already.
    private static void ShareEvenly(int[] owners, int[] held)
    {
        (int share, int more) = Math.DivRem(owners.Length, held.Length);
        int[] quotas = new int[held.Length];
        for (int member = 0; member < held.Length; member++)
        {
            quotas[member] = held[member] > share && more > 0 ? share + 1 : share;
            more -= quotas[member] - share;
        }

        for (int member = 0; member < held.Length && more > 0; member++)
        {
            if (quotas[member] > share) continue;
            quotas[member]++;
            more--;
        }

        Array.Clear(held);
        for (int partition = 0; partition < owners.Length; partition++)
        {
            int keeper = owners[partition];
            if (keeper < 0) continue;
            if (held[keeper] < quotas[keeper]) held[keeper]++;
            else owners[partition] = AssignmentInput.Nobody;
        }

        int next = 0;
        for (int partition = 0; partition < owners.Length; partition++)
        {
            if (owners[partition] >= 0) continue;
            while (held[next] == quotas[next]) next++;
            owners[partition] = next;
            held[next]++;
        }
    }
}
