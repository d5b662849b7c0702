namespace Messaging.Broker.Groups.Assignment;

/// <summary>
/// What is to be shared out, in numbers: members in the order that decides between them, topics in the order of their names, and the partitions of all topics
/// counted on from topic to topic. Immutable.
/// </summary>
internal sealed class AssignmentInput
{
    /// <summary>Nobody, in a list of owners.</summary>
    public const int Nobody = -1;

    private readonly int[] _firsts;
    private readonly int[][] _subscribers;
    private readonly int[] _previous;

    /// <param name="partitionCounts">Partitions of each topic.</param>
    /// <param name="subscriptions">Topics of each member, each once.</param>
    /// <param name="previous">Who had each partition, or <see cref="Nobody"/>.</param>
    public AssignmentInput(ReadOnlySpan<int> partitionCounts, int[][] subscriptions, int[] previous)
    {
        _firsts = new int[partitionCounts.Length + 1];
        for (int topic = 0; topic < partitionCounts.Length; topic++) _firsts[topic + 1] = _firsts[topic] + partitionCounts[topic];
        Invariant.Check(previous.Length == _firsts[^1], "Each partition has one owner or none.");
        Members = subscriptions.Length;
        _subscribers = Invert(subscriptions, partitionCounts.Length);
        _previous = previous;
    }

    public int Members { get; }

    public int Topics => _subscribers.Length;

    /// <summary>Of all topics.</summary>
    public int Partitions => _previous.Length;

    /// <summary>Whether every member wants every topic that has partitions.</summary>
    public bool IsUniform
    {
        get
        {
            for (int topic = 0; topic < Topics; topic++)
            {
                if (_subscribers[topic].Length != Members && _firsts[topic + 1] > _firsts[topic]) return false;
            }

            return true;
        }
    }

    /// <summary>The topic's first partition; that of the one behind the last: their number.</summary>
    public int FirstOf(int topic) => _firsts[topic];

    /// <summary>Members that want the topic, in their order.</summary>
    public ReadOnlySpan<int> SubscribersOf(int topic) => _subscribers[topic];

    public bool IsSubscribed(int member, int topic) => SubscribersOf(topic).BinarySearch(member) >= 0;

    /// <summary>Who had the partition and still wants its topic, or <see cref="Nobody"/>.</summary>
    public int KeeperOf(int partition, int topic) =>
        _previous[partition] is >= 0 and int member && IsSubscribed(member, topic) ? member : Nobody;

    private static int[][] Invert(int[][] subscriptions, int topics)
    {
        int[] counts = new int[topics];
        foreach (int[] subscription in subscriptions)
        {
            foreach (int topic in subscription) counts[topic]++;
        }

        int[][] subscribers = new int[topics][];
        for (int topic = 0; topic < topics; topic++) subscribers[topic] = new int[counts[topic]];
        Array.Clear(counts);
        for (int member = 0; member < subscriptions.Length; member++)
        {
            foreach (int topic in subscriptions[member]) subscribers[topic][counts[topic]++] = member;
        }

        return subscribers;
    }
}
