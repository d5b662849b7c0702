using System.Text.Unicode;
using Messaging.Broker.Envelopes;
using Messaging.Broker.Messages;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Topics;
using Messaging.Storage;

namespace Messaging.Broker.Deliveries;

/// <summary>Makes what is delivered of what stands in a delivery queue: whenever it is delivered, since the same record goes to many. Outside of the sequencer. Thread-safe.</summary>
internal sealed class PushDocuments(MessageKeys keys, TopicSigner signer, EnvelopeOptions options)
{
    /// <summary>For all that is taken of the subscription together.</summary>
    public PushNames NamesOf(LiveSubscription subscription, LiveTopic topic) => new(subscription.Number, topic, keys, options);

    /// <summary>Null for bytes that are no record of ours. The body is the caller's, and becomes the message's.</summary>
    public PushMessage? Make(LiveSubscription subscription, LiveTopic topic, PushNames names, in StoredRecord record, ReadOnlyMemory<byte> body, long streamId, int attempt, long leasedUntilMs)
    {
        if (!RecordDecoder.TryRead(body, out RecordDecoder.Decoded decoded)) return null;
        MessageId id = keys.Identify(decoded.PublishedAt ?? new MessagePlace(streamId, record.Offset));
        if (decoded.IsConfirmation)
        {
            ConfirmationDocument question = Question(subscription, names, id, record.TimestampMs);
            return new PushMessage(record.Offset, () => signer.Sign(question, topic)) { Id = id, Attempt = attempt, LeasedUntilMs = leasedUntilMs, Names = names, Confirmation = question };
        }

        bool isFifo = topic.Definition.Type == TopicType.Fifo;
        ReadOnlyMemory<byte> text = decoded.IsStructured ? MessageStructure.TextFor(decoded.Body, ProtocolOf(subscription.Definition.Target)) : decoded.Body;
        var document = new NotificationDocument
        {
            Id = id,
            TopicArn = names.TopicArn,
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
            Names = names,
            Notification = document,
            IsReplayed = decoded.IsReplayed,
            Body = text,
            RawContentType = DeliveryTerms.RawContentType(subscription.Definition.DeliveryPolicy, decoded.ContentType, Utf8.IsValid(text.Span)),
        };
    }

    private ConfirmationDocument Question(LiveSubscription subscription, PushNames names, MessageId id, long askedMs)
    {
        string token = ConfirmationToken.Make(keys, subscription.Number, subscription.Definition.Target, askedMs);
        return new ConfirmationDocument
        {
            Kind = ConfirmationKind.Subscribe,
            Id = id,
            TopicArn = names.TopicArn,
            SubscriptionArn = names.SubscriptionArn,
            Token = token,
            SubscribeUrl = names.ConfirmationUrl(token),
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
