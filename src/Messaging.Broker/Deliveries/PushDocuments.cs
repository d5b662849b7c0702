using System.Text.Unicode;
using Messaging.Broker.Envelopes;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Topics;
using Messaging.Storage;

namespace Messaging.Broker.Deliveries;

/// <summary>Makes what is delivered of what stands in a delivery queue: whenever it is delivered, since the same record goes to many. Outside of the sequencer. Thread-safe.</summary>
internal sealed class PushDocuments(MessageKeys keys, TopicSigner signer, EnvelopeOptions options)
{
    /// <summary>The annotation of a topic that names who mails are from, as Amazon SNS's attribute does.</summary>
    private const string DisplayNameAnnotation = "DisplayName";

    /// <summary>Null for bytes that are no record of ours. The body is the caller's, and becomes the message's.</summary>
    public PushMessage? Make(LiveSubscription subscription, LiveTopic topic, in StoredRecord record, ReadOnlyMemory<byte> body, long streamId, int attempt, long leasedUntilMs)
    {
        if (!RecordDecoder.TryRead(body, out RecordDecoder.Decoded decoded)) return null;
        TopicKey key = subscription.Key.Topic;
        string topicArn = TopicArn.Of(key, options.Region);
        string arn = TopicArn.Of(key, options.Region, keys.IdOfSubscription(subscription.Number));
        string unsubscribe = $"{options.PublicUrl}/?Action=Unsubscribe&SubscriptionArn={arn}";
        string? sender = topic.Definition.Annotations.GetValueOrDefault(DisplayNameAnnotation);
        MessageId id = keys.Identify(decoded.PublishedAt ?? new MessagePlace(streamId, record.Offset));
        if (decoded.IsConfirmation)
        {
            ConfirmationDocument question = Question(subscription, topicArn, arn, id, record.TimestampMs);
            return new PushMessage(record.Offset, () => signer.Sign(question, topic))
            {
                Id = id, Attempt = attempt, LeasedUntilMs = leasedUntilMs, TopicArn = topicArn, SubscriptionArn = arn, UnsubscribeUrl = unsubscribe, SenderName = sender, Confirmation = question,
            };
        }

        bool isFifo = topic.Definition.Type == TopicType.Fifo;
        ReadOnlyMemory<byte> text = decoded.IsStructured ? MessageStructure.TextFor(decoded.Body, ProtocolOf(subscription.Definition.Target)) : decoded.Body;
        var document = new NotificationDocument
        {
            Id = id,
            TopicArn = topicArn,
            Subject = decoded.Subject,
            Message = text,
            PublishedAtMs = decoded.PublishedAtMs(record.TimestampMs),
            Sequence = isFifo ? decoded.PublishedAt?.Offset : null,
            Attributes = decoded.Attributes,
        };
        return new PushMessage(record.Offset, () => isFifo ? null : signer.Sign(document, topic))
        {
            Id = id,
            Attempt = attempt,
            LeasedUntilMs = leasedUntilMs,
            TopicArn = topicArn,
            SubscriptionArn = arn,
            UnsubscribeUrl = unsubscribe,
            SenderName = sender,
            Notification = document,
            IsReplayed = decoded.IsReplayed,
            Body = text,
            RawContentType = DeliveryTerms.RawContentType(subscription.Definition.DeliveryPolicy, decoded.ContentType, Utf8.IsValid(text.Span)),
        };
    }

    private ConfirmationDocument Question(LiveSubscription subscription, string topicArn, string arn, MessageId id, long askedMs)
    {
        string token = ConfirmationToken.Make(keys, subscription, askedMs);
        return new ConfirmationDocument
        {
            Kind = ConfirmationKind.Subscribe,
            Id = id,
            TopicArn = topicArn,
            SubscriptionArn = arn,
            Token = token,
            SubscribeUrl = $"{options.PublicUrl}/?Action=ConfirmSubscription&TopicArn={topicArn}&Token={token}",
            AskedAtMs = askedMs,
        };
    }

    private static string ProtocolOf(SubscriptionTarget target) => target switch
    {
        SubscriptionTarget.OfEndpoint endpoint => endpoint.Url.StartsWith("https:", StringComparison.OrdinalIgnoreCase) ? "https" : "http",
        SubscriptionTarget.OfMail mail => mail.IsJson ? "email-json" : "email",
        SubscriptionTarget.OfFunction => "lambda",
        SubscriptionTarget.OfGateway { Protocol: GatewayProtocol.Sms } => "sms",
        SubscriptionTarget.OfGateway { Protocol: GatewayProtocol.Application } => "application",
        _ => "firehose",
    };
}
