using Messaging.Broker.Groups;
using Messaging.Broker.Names;

namespace Messaging.Broker.Tests.Groups;

/// <summary>Topics as a group sees them.</summary>
internal sealed class FakeTopics : IGroupTopics
{
    private readonly Dictionary<TopicName, List<PartitionRef>> _topics = [];
    private long _nextStream = 100;

    public static TopicName Name(string name)
    {
        Assert.True(TopicName.TryParse(name, out TopicName topic));
        return topic;
    }

    public IEnumerable<TopicName> Names => _topics.Keys;

    /// <summary>So many more partitions, of a topic that is new or not.</summary>
    public PartitionRef[] Grow(string name, int more)
    {
        if (!_topics.TryGetValue(Name(name), out List<PartitionRef>? partitions)) _topics.Add(Name(name), partitions = []);
        for (int i = 0; i < more; i++) partitions.Add(new PartitionRef(_nextStream++));
        return [.. partitions];
    }

    public PartitionRef[] Delete(string name)
    {
        PartitionRef[] partitions = PartitionsOf(Name(name)).ToArray();
        _topics.Remove(Name(name));
        return partitions;
    }

    public ReadOnlySpan<PartitionRef> PartitionsOf(TopicName topic) =>
        _topics.TryGetValue(topic, out List<PartitionRef>? partitions) ? System.Runtime.InteropServices.CollectionsMarshal.AsSpan(partitions) : default;
}
