namespace Messaging.Broker.Topics;

/// <summary>What a topic promises its subscriptions.</summary>
public enum TopicType
{
    /// <summary>Partitions and keys, as in Kafka.</summary>
    Standard,

    /// <summary>Order and deduplication by message group, as in Amazon SNS.</summary>
    Fifo,
}
