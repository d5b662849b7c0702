using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions.Delivery;
using Messaging.Broker.Topics;

namespace Messaging.Broker.Deliveries;

/// <summary>What the delivery queues of subscriptions are: queues without a name, which no list has and no call finds.</summary>
internal static class DeliveryQueues
{
    private static readonly QueueDefinition Standard = new() { RetentionSeconds = DeliveryLimits.RetentionSeconds };

    private static readonly QueueDefinition Fifo = new() { Type = QueueType.Fifo, RetentionSeconds = DeliveryLimits.RetentionSeconds };

    /// <summary>Shared by all: a topic's order is its subscriptions'.</summary>
    public static QueueDefinition DefinitionOf(TopicType topic) => topic == TopicType.Fifo ? Fifo : Standard;
}
