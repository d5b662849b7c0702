using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Messaging.Aws.Errors;
using Messaging.Aws.Http;
using Messaging.Aws.Sms;
using Messaging.Aws.Wire;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Topics;

namespace Messaging.Aws.Subscriptions;

/// <summary>
/// Where a subscription delivers to, in SNS's words: a protocol and a text. Queues are of the topic's own account and region, and there when they are subscribed; functions are called by URL. A value.
/// </summary>
internal readonly record struct SubscriptionEndpoint(string Protocol, string Text)
{
    private const string Queue = "sqs", Http = "http", Https = "https", Mail = "email", JsonMail = "email-json", Function = "lambda", Phone = "sms", Application = "application", Firehose = "firehose";

    // Of the hash that names what is too long for a name, or what a name must not show.
    private const int NameHashBytes = 16;

    public static SubscriptionEndpoint Of(SubscriptionDescription subscription, string region) => subscription.Definition.Target switch
    {
        SubscriptionTarget.OfQueue queue => new(Queue, new QueueArn(region, subscription.Key.Topic.Account, queue.Queue).ToString()),
        SubscriptionTarget.OfEndpoint endpoint => new(endpoint.Url.StartsWith(Https, StringComparison.OrdinalIgnoreCase) ? Https : Http, Masked(endpoint.Url)),
        SubscriptionTarget.OfMail mail => new(mail.IsJson ? JsonMail : Mail, mail.Address),
        SubscriptionTarget.OfFunction function => new(Function, function.Url),
        SubscriptionTarget.OfGateway { Protocol: GatewayProtocol.Sms } phone => new(Phone, phone.Endpoint),
        SubscriptionTarget.OfGateway { Protocol: GatewayProtocol.Application } application => new(Application, application.Endpoint),
        SubscriptionTarget.OfGateway { Protocol: GatewayProtocol.Firehose } stream => new(Firehose, stream.Endpoint),
        _ => throw new UnreachableException("A subscription has a target of a kind that this front does not know."),
    };

    // A password is told to nobody again.
    private static string Masked(string url)
    {
        int host = url.IndexOf("://", StringComparison.Ordinal) + 3;
        int end = url.AsSpan(host).IndexOfAny("/?#");
        int at = url.AsSpan(host, end < 0 ? url.Length - host : end).LastIndexOf('@');
        int colon = at < 0 ? -1 : url.AsSpan(host, at).IndexOf(':');
        return colon < 0 ? url : $"{url.AsSpan(0, host + colon + 1)}****{url.AsSpan(host + at)}";
    }

    /// <summary>The target, and the name that a subscription with it has; or why it can't be one.</summary>
    public AwsError? Read(Call call, in TopicKey topic, TopicDefinition definition, out SubscriptionTarget? target, out string name)
    {
        name = $"{Protocol}.{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text)).AsSpan(0, NameHashBytes))}";
        target = Protocol switch
        {
            Http or Https => new SubscriptionTarget.OfEndpoint(Text),
            Mail or JsonMail => new SubscriptionTarget.OfMail(Text, Protocol == JsonMail),
            Function => new SubscriptionTarget.OfFunction(Text),
            Phone => new SubscriptionTarget.OfGateway(GatewayProtocol.Sms, Text),
            Application => new SubscriptionTarget.OfGateway(GatewayProtocol.Application, Text),
            Firehose => new SubscriptionTarget.OfGateway(GatewayProtocol.Firehose, Text),
            _ => null,
        };
        if (Protocol == Queue)
            return ReadQueue(call, topic, definition, out target, out name);
        if (target is null)
            return SnsRefusals.Invalid($"Amazon SNS does not support this protocol string: {Refusals.Shown(Protocol)}");
        return definition.Type == TopicType.Fifo ? SnsRefusals.Invalid("Invalid parameter: Protocol", "FIFO topics deliver to SQS queues only") : CheckText();
    }

    private AwsError? ReadQueue(Call call, in TopicKey topic, TopicDefinition definition, out SubscriptionTarget? target, out string name)
    {
        (target, name) = (null, "");
        if (!QueueArn.TryParse(Text, out QueueArn arn))
            return SnsRefusals.Invalid("SQS endpoint ARN");
        if (arn.Account != topic.Account || arn.Region != call.RegionOf(topic.Namespace))
            return SnsRefusals.Invalid("Endpoint", "The queue is not of the account and region of the topic");
        if (!call.Broker.Queues.TryGetDefinition(new QueueKey(topic.Account, topic.Namespace, arn.Name), out QueueDefinition? queue))
            return SnsRefusals.Invalid("Endpoint", "The queue does not exist");
        if (queue.Type == QueueType.Fifo && definition.Type != TopicType.Fifo)
            return SnsRefusals.Invalid("Invalid parameter: Endpoint", "FIFO SQS Queues can not be subscribed to standard SNS topics");
        (target, name) = (new SubscriptionTarget.OfQueue(arn.Name), $"{Queue}.{arn.Name}");
        return null;
    }

    // What the broker would refuse in words of its own.
    private AwsError? CheckText() => Protocol switch
    {
        Http or Https => Text.StartsWith($"{Protocol}://", StringComparison.OrdinalIgnoreCase) ? null : SnsRefusals.Invalid("Endpoint must match the specified protocol"),
        Mail or JsonMail => Text.Contains('@', StringComparison.Ordinal) ? null : SnsRefusals.Invalid("Email address"),
        Function => Text.StartsWith(Http, StringComparison.OrdinalIgnoreCase) ? null : SnsRefusals.Invalid("Endpoint", "This server calls functions by their URL"),
        Phone => PhoneNumber.IsLegal(Text) ? null : Refusals.Invalid($"Invalid SMS endpoint: {Refusals.Shown(Text)}"),
        Application => Text.Contains(":endpoint/", StringComparison.Ordinal) ? null : SnsRefusals.Invalid("Endpoint"),
        _ => Text.StartsWith("arn:", StringComparison.Ordinal) ? null : SnsRefusals.Invalid("Endpoint"),
    };
}
