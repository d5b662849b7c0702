using System.Buffers;
using Messaging.Broker.Envelopes;
using Messaging.Broker.Messages;
using Messaging.Broker.Names;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Topics;

namespace Messaging.Broker.Deliveries;

/// <summary>
/// How copies of published records are shown by a queue: one that its subscription wants enveloped as the notification that Amazon SNS would have sent, and of one with a text for each protocol the one that is for
/// queues. What is stored is the message; this is made whenever it is delivered. Thread-safe.
/// </summary>
internal sealed class NotificationView(TopicDirectory topics, SubscriptionDirectory subscriptions, MessageKeys keys, TopicSigner signer, EnvelopeOptions options)
{
    private const string Protocol = "sqs";

    /// <summary>What the message's body is, where it is not what is stored; else false.</summary>
    public bool TryShow(in QueueKey queue, in RecordDecoder.Decoded message, long timestampMs, out ReadOnlyMemory<byte> body)
    {
        body = message.IsStructured ? MessageStructure.TextFor(message.Body, Protocol) : message.Body;
        if (message.Envelope.IsEmpty || message.PublishedAt is not { } place || !StoredEnvelope.TryDecode(message.Envelope.Span, out TopicKey topic)) return message.IsStructured;
        bool isThere = topics.TryGet(topic, out LiveTopic? live);
        bool isFifo = isThere && live!.Definition.Type == TopicType.Fifo;
        var document = new NotificationDocument
        {
            Id = keys.Identify(place),
            TopicArn = TopicArn.Of(topic, options.Region),
            Subject = message.Subject,
            Message = body,
            PublishedAtMs = message.PublishedAtMs(timestampMs),
            Sequence = isFifo ? place.Offset : null,
            Attributes = message.Attributes,
        };
        var buffer = new ArrayBufferWriter<byte>(body.Length + 1_024);
        NotificationEnvelope.Write(buffer, document, new NotificationDelivery(UnsubscribeUrl(topic, queue), isFifo ? null : signer.Sign(document, live), message.IsReplayed));
        body = buffer.WrittenMemory;
        return true;
    }

    private string? UnsubscribeUrl(in TopicKey topic, in QueueKey queue) =>
        subscriptions.Of(topic)?.FirstOf(new SubscriptionTarget.OfQueue(queue.Name)) is { } subscription
            ? $"{options.PublicUrl}/?Action=Unsubscribe&SubscriptionArn={TopicArn.InQuery(TopicArn.Of(topic, options.Region, keys.IdOfSubscription(subscription.Number)))}"
            : null;
}
