namespace Messaging.Broker.Groups.Assignment;

/// <summary>
/// Balances members that want different topics. Every move takes at least two from the sum of the squares of what members hold, so that it ends. One
/// level of load after the other, the highest first, each member of it gives one partition away if it can: nobody gives more than has to be given.
/// </summary>
internal sealed class StickyBalance(AssignmentInput input, int[] owners, int[] held)
{
    private readonly int[] _topicOf = new int[owners.Length];
    private readonly List<int>[] _partitionsOf = new List<int>[held.Length];

    public void Run()
    {
        for (int member = 0; member < held.Length; member++) _partitionsOf[member] = [];
        for (int topic = 0; topic < input.Topics; topic++)
        {
            _topicOf.AsSpan(input.FirstOf(topic)..input.FirstOf(topic + 1)).Fill(topic);
            GiveOut(topic);
        }

        while (Sweep())
        {
        }
    }

    // What nobody keeps goes to the least loaded.
    private void GiveOut(int topic)
    {
        for (int partition = input.FirstOf(topic); partition < input.FirstOf(topic + 1); partition++)
        {
            if (owners[partition] < 0)
            {
                int member = LeastLoaded(topic);
                if (member < 0) return;
                owners[partition] = member;
                held[member]++;
            }

            _partitionsOf[owners[partition]].Add(partition);
        }
    }

    // A move can let a more loaded member give one too, so that there may be something to do again.
    private bool Sweep()
    {
        bool moved = false;
        int level = 0;
        int least = int.MaxValue;
        foreach (int count in held) (level, least) = (Math.Max(level, count), Math.Min(least, count));
        // Whoever has one more than the least loaded has nobody to give to.
        for (; level > least + 1; level--)
        {
            for (int member = 0; member < held.Length; member++) moved |= held[member] == level && GiveOne(member);
        }

        return moved;
    }

    private bool GiveOne(int giver)
    {
        List<int> partitions = _partitionsOf[giver];
        int tried = AssignmentInput.Nobody;
        for (int i = partitions.Count - 1; i >= 0; i--)
        {
            int partition = partitions[i];
            int topic = _topicOf[partition];
            if (topic == tried) continue;
            tried = topic;
            int taker = LeastLoaded(topic);
            if (held[taker] >= held[giver] - 1) continue;
            partitions.RemoveAt(i);
            _partitionsOf[taker].Add(partition);
            owners[partition] = taker;
            held[giver]--;
            held[taker]++;
            return true;
        }

        return false;
    }

    private int LeastLoaded(int topic)
    {
        int least = AssignmentInput.Nobody;
        foreach (int member in input.SubscribersOf(topic))
        {
            if (least < 0 || held[member] < held[least]) least = member;
        }

        return least;
    }
}
