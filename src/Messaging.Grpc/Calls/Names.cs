using Messaging.Broker;
using Messaging.Broker.Names;
using Messaging.Grpc.Errors;

namespace Messaging.Grpc.Calls;

/// <summary>Names that requests give; a text that is none is refused by its field, everywhere in the same words.</summary>
internal static class Names
{
    /// <summary>What every name is.</summary>
    public static readonly string Rule = $"1 to {BrokerLimits.NameBytesMax} bytes of UTF-8 without control characters";

    public static QueueName Queue(string text, string field) => QueueName.TryParse(text, out QueueName name) ? name : throw Refusal.Of(NotA("queue", field));

    public static TopicName Topic(string text, string field) => TopicName.TryParse(text, out TopicName name) ? name : throw Refusal.Of(NotA("topic", field));

    public static GroupName Group(string text, string field) => GroupName.TryParse(text, out GroupName name) ? name : throw Refusal.Of(NotA("group", field));

    public static SubscriptionName Subscription(string text, string field) =>
        SubscriptionName.TryParse(text, out SubscriptionName name) ? name : throw Refusal.Of(NotA("subscription", field));

    /// <summary>The refusal of a text that is no name of a <paramref name="kind"/>.</summary>
    public static BrokerError NotA(string kind, string field) => new(ErrorCode.InvalidName, $"A {kind}'s name is {Rule}.", field);
}
