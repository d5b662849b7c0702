using Messaging.Broker.Names;

namespace Messaging.Broker.Groups;

/// <summary>The topics that members of a group want, with how many want each. Guarded by the sequencer; recovery has one thread.</summary>
internal sealed class WantedTopics
{
    private readonly Dictionary<TopicName, int> _counts = [];

    public Dictionary<TopicName, int>.KeyCollection All => _counts.Keys;

    public bool Has(TopicName topic) => _counts.ContainsKey(topic);

    /// <summary>So many members more want the topics, or fewer.</summary>
    public void Count(TopicName[] topics, int difference)
    {
        foreach (TopicName topic in topics)
        {
            int count = _counts.GetValueOrDefault(topic) + difference;
            if (count > 0) _counts[topic] = count;
            else _counts.Remove(topic);
        }
    }
}
