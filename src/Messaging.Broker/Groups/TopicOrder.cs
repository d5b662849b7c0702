using Messaging.Broker.Names;

namespace Messaging.Broker.Groups;

/// <summary>Topics by the UTF-16 units of their names, as Java and so Kafka's assignors order them.</summary>
internal sealed class TopicOrder : IComparer<TopicName>
{
    public static readonly TopicOrder Instance = new();

    public int Compare(TopicName x, TopicName y) => string.CompareOrdinal(x.Value, y.Value);
}
