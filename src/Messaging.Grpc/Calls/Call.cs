using Messaging.Broker;
using Messaging.Broker.Names;
using Messaging.Grpc.Errors;

namespace Messaging.Grpc.Calls;

/// <summary>A call that may go on: on which broker, for whom, in which namespace. A value of one call.</summary>
internal readonly record struct Call(MessageBroker Broker, AccountId Account, NamespaceName Space, IdempotencyKey? Key)
{
    private static readonly string NameRule = $"is 1 to {BrokerLimits.NameBytesMax} bytes of UTF-8 without control characters.";

    public QueueKey Queue(string name, string field = "queue") =>
        QueueName.TryParse(name, out QueueName parsed) ? new QueueKey(Account, Space, parsed) : throw NotAName("queue", field);

    public TopicKey Topic(string name, string field = "topic") =>
        TopicName.TryParse(name, out TopicName parsed) ? new TopicKey(Account, Space, parsed) : throw NotAName("topic", field);

    public GroupKey Group(string name, string field = "group") =>
        GroupName.TryParse(name, out GroupName parsed) ? new GroupKey(Account, Space, parsed) : throw NotAName("group", field);

    public SubscriptionKey Subscription(string topic, string name) =>
        SubscriptionName.TryParse(name, out SubscriptionName parsed) ? new SubscriptionKey(Topic(topic), parsed) : throw NotAName("subscription", "subscription");

    private static Exception NotAName(string kind, string field) => Refusal.Of(new BrokerError(ErrorCode.InvalidName, $"A {kind}'s name {NameRule}", field));
}
