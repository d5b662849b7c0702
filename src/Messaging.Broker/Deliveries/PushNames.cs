using Messaging.Broker.Envelopes;
using Messaging.Broker.Messages;
using Messaging.Broker.Topics;

namespace Messaging.Broker.Deliveries;

/// <summary>What all messages of a subscription are told about it: made once for all that are taken together. Immutable.</summary>
public sealed class PushNames
{
    /// <summary>The annotation of a topic that names who mails are from, as Amazon SNS's attribute does.</summary>
    private const string DisplayNameAnnotation = "DisplayName";

    private readonly string _publicUrl;

    internal PushNames(long number, LiveTopic topic, MessageKeys keys, EnvelopeOptions options)
    {
        TopicArn = Envelopes.TopicArn.Of(topic.Key, options.Region);
        SubscriptionArn = Envelopes.TopicArn.Of(topic.Key, options.Region, keys.IdOfSubscription(number));
        _publicUrl = options.PublicUrl;
        UnsubscribeUrl = $"{options.PublicUrl}/?Action=Unsubscribe&SubscriptionArn={Envelopes.TopicArn.InQuery(SubscriptionArn)}";
        SenderName = topic.Definition.Annotations.GetValueOrDefault(DisplayNameAnnotation);
    }

    /// <summary>As in documents.</summary>
    public string TopicArn { get; }

    /// <summary>As in documents.</summary>
    public string SubscriptionArn { get; }

    /// <summary>Where a GET ends the subscription.</summary>
    public string UnsubscribeUrl { get; }

    /// <summary>The topic's display name; null without.</summary>
    public string? SenderName { get; }

    /// <summary>Where a GET confirms.</summary>
    internal string ConfirmationUrl(string token) => $"{_publicUrl}/?Action=ConfirmSubscription&TopicArn={Envelopes.TopicArn.InQuery(TopicArn)}&Token={token}";
}
