using Messaging.Broker;
using Messaging.Broker.Names;

namespace Messaging.Grpc.Calls;

/// <summary>A call that may go on: on which broker, for whom, in which namespace. A value of one call.</summary>
internal readonly record struct Call(MessageBroker Broker, AccountId Account, NamespaceName Space, IdempotencyKey? Key)
{
    public QueueKey Queue(string name, string field = "queue") => new(Account, Space, Names.Queue(name, field));

    public TopicKey Topic(string name, string field = "topic") => new(Account, Space, Names.Topic(name, field));

    public GroupKey Group(string name, string field = "group") => new(Account, Space, Names.Group(name, field));

    public SubscriptionKey Subscription(string topic, string name) => new(Topic(topic), Names.Subscription(name, "subscription"));
}
