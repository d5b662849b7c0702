using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Wire;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Topics;

namespace Messaging.Aws.Subscriptions;

/// <summary>
/// Where a subscription delivers to, in SNS's words: a protocol and a text. Queues are of the topic's own account and region, and there when they are subscribed. A value.
/// </summary>
internal readonly record struct SubscriptionEndpoint(string Protocol, string Text)
{
    private const string Queue = "sqs";

    private static readonly string[] Known = ["http", "https", "email", "email-json", "sms", Queue, "application", "lambda", "firehose"];

    public static SubscriptionEndpoint Of(SubscriptionDescription subscription, string region) => subscription.Definition.Target switch
    {
        SubscriptionTarget.OfQueue queue => new(Queue, new QueueArn(region, subscription.Key.Topic.Account, queue.Queue).ToString()),
        _ => throw new System.Diagnostics.UnreachableException("A subscription has a target of a kind that this front does not know."),
    };

    /// <summary>The target, and the name that a subscription with it has; or why it can't be one.</summary>
    public AwsError? Read(Call call, in TopicKey topic, TopicDefinition definition, out SubscriptionTarget? target, out string name)
    {
        (target, name) = (null, "");
        if (!Known.Contains(Protocol))
            return SnsRefusals.Invalid($"Amazon SNS does not support this protocol string: {Refusals.Shown(Protocol)}");
        if (Protocol != Queue)
            return SnsRefusals.Invalid("Protocol", $"This server does not deliver by {Protocol}");
        if (!QueueArn.TryParse(Text, out QueueArn arn))
            return SnsRefusals.Invalid("SQS endpoint ARN");
        if (arn.Account != topic.Account || arn.Region != call.RegionOf(topic.Namespace))
            return SnsRefusals.Invalid("Endpoint", "The queue is not of the account and region of the topic");
        if (!call.Broker.TryGetDefinition(new QueueKey(topic.Account, topic.Namespace, arn.Name), out QueueDefinition? queue))
            return SnsRefusals.Invalid("Endpoint", "The queue does not exist");
        if (queue.Type == QueueType.Fifo && definition.Type != TopicType.Fifo)
            return SnsRefusals.Invalid("Invalid parameter: Endpoint", "FIFO SQS Queues can not be subscribed to standard SNS topics");
        (target, name) = (new SubscriptionTarget.OfQueue(arn.Name), $"{Queue}.{arn.Name}");
        return null;
    }
}
