using System.Buffers;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Messaging.Broker.Deliveries;
using Messaging.Broker.Envelopes;
using Messaging.Broker.Subscriptions;
using Messaging.Broker.Subscriptions.Delivery;
using Messaging.Push.Http;
using Messaging.Push.Mail;

namespace Messaging.Push.Delivery;

/// <summary>One attempt to deliver one message to whatever its target is. Thread-safe.</summary>
/// <param name="client">For endpoints and functions, which somebody else has chosen.</param>
/// <param name="gatewayClient">For the gateway, which the operator has chosen: it may be in a network of its own.</param>
/// <param name="gateway">Null without one.</param>
/// <param name="mail">Null without a mail server.</param>
internal sealed class Courier(PushClient client, PushClient gatewayClient, Uri? gateway, MailSender? mail)
{
    private const string JsonType = "application/json", BinaryType = "application/octet-stream";
    private const string Notification = "Notification", SubscriptionConfirmation = "SubscriptionConfirmation", UnsubscribeConfirmation = "UnsubscribeConfirmation";
    private const string NotConfigured = "notConfigured";

    private static readonly TimeSpan KeyPause = TimeSpan.FromMilliseconds(200);

    public Task<CourierResult> DeliverAsync(DeliveryTerms terms, PushMessage message, CancellationToken cancellationToken)
    {
        // A question is always signed; the key is made with the first subscription that needs one.
        if (message.Confirmation is not null && message.Sign() is null) return Task.FromResult(CourierResult.NotTried(message, KeyPause));
        return terms.Target switch
        {
            SubscriptionTarget.OfEndpoint => PostAsync(client, message, ToEndpoint(terms, message), cancellationToken),
            SubscriptionTarget.OfFunction => PostAsync(client, message, ToFunction(terms, message), cancellationToken),
            SubscriptionTarget.OfMail mailbox => MailAsync(mailbox, message, cancellationToken),
            SubscriptionTarget.OfGateway target when gateway is not null => PostAsync(gatewayClient, message, ToGateway(gateway, target, message), cancellationToken),
            _ => Task.FromResult(Unable(message, "The server has no gateway (Messaging:Push:GatewayUrl).")),
        };
    }

    private static PushRequest ToEndpoint(DeliveryTerms terms, PushMessage message)
    {
        bool isRaw = terms.IsRaw && message.Confirmation is null;
        return new PushRequest
        {
            Endpoint = terms.Url!,
            Body = isRaw ? message.Body : Document(message),
            ContentType = !isRaw ? terms.HeaderContentType : MediaTypeHeaderValue.TryParse(message.RawContentType, out _) ? message.RawContentType : BinaryType,
            Headers = PushHeaders.Of(
                TypeOf(message), message.Id.ToString(), message.Names.TopicArn, message.Confirmation?.Kind == ConfirmationKind.Subscribe ? null : message.Names.SubscriptionArn, isRaw),
        };
    }

    private static PushRequest ToFunction(DeliveryTerms terms, PushMessage message)
    {
        var buffer = new ArrayBufferWriter<byte>(message.Body.Length + PushLimits.DocumentBytesAround);
        FunctionEnvelope.Write(buffer, message.Notification!, Delivery(message), message.Names.SubscriptionArn);
        return new PushRequest { Endpoint = terms.Url!, Body = buffer.WrittenMemory, ContentType = JsonType, Headers = PushHeaders.OfInvocation };
    }

    private static PushRequest ToGateway(Uri gateway, SubscriptionTarget.OfGateway target, PushMessage message) => new()
    {
        Endpoint = gateway,
        Body = GatewayDocument.Write(target, Document(message)),
        ContentType = JsonType,
        Headers = PushHeaders.Of(Notification, message.Id.ToString(), message.Names.TopicArn, message.Names.SubscriptionArn, isRaw: false),
    };

    private static async Task<CourierResult> PostAsync(PushClient client, PushMessage message, PushRequest request, CancellationToken cancellationToken)
    {
        PushResult result = await client.PostAsync(request, cancellationToken);
        if (result.Verdict == DeliveryVerdict.NotTried) return CourierResult.NotTried(message, result.RetryAfter ?? PushLimits.OverloadPause);
        bool isDelivered = result.Verdict == DeliveryVerdict.Delivered;
        return Ended(
            message, result.Verdict, result.Status, isDelivered ? null : FaultWords.NameOf(result.Fault), isDelivered ? null : FaultWords.Tell(result), result.Elapsed);
    }

    private async Task<CourierResult> MailAsync(SubscriptionTarget.OfMail mailbox, PushMessage message, CancellationToken cancellationToken)
    {
        if (mail is null) return Unable(message, "The server has no mail server (Messaging:Mail:Host).");
        MailResult result = await mail.SendAsync(MailOf(mailbox, message), cancellationToken);
        bool isDelivered = result.Verdict == DeliveryVerdict.Delivered;
        return Ended(
            message, result.Verdict, result.Code, isDelivered ? null : FaultWords.NameOf(result.Fault), isDelivered ? null : FaultWords.Tell(result), result.Elapsed);
    }

    private static OutgoingMail MailOf(SubscriptionTarget.OfMail mailbox, PushMessage message)
    {
        string subject = message.Confirmation?.Kind switch
        {
            ConfirmationKind.Subscribe => MailText.ConfirmationSubject,
            ConfirmationKind.Unsubscribe => MailText.UnsubscribedSubject,
            null => message.Notification!.Subject ?? MailText.SubjectDefault,
        };
        return new OutgoingMail { Id = message.Id.ToString(), To = mailbox.Address, SenderName = message.Names.SenderName, Subject = subject, Body = mailbox.IsJson ? Document(message) : Text(message) };
    }

    private static ReadOnlyMemory<byte> Document(PushMessage message)
    {
        var buffer = new ArrayBufferWriter<byte>(message.Body.Length + PushLimits.DocumentBytesAround);
        if (message.Confirmation is { } question) ConfirmationEnvelope.Write(buffer, question, message.Sign()!.Value);
        else NotificationEnvelope.Write(buffer, message.Notification!, Delivery(message));
        return buffer.WrittenMemory;
    }

    private static ReadOnlyMemory<byte> Text(PushMessage message)
    {
        var buffer = new ArrayBufferWriter<byte>(message.Body.Length + PushLimits.DocumentBytesAround);
        if (message.Confirmation is { } question) MailText.WriteConfirmation(buffer, question);
        else MailText.WriteNotification(buffer, message.Notification!, message.Names.UnsubscribeUrl);
        return buffer.WrittenMemory;
    }

    private static string TypeOf(PushMessage message) => message.Confirmation?.Kind switch
    {
        ConfirmationKind.Subscribe => SubscriptionConfirmation,
        ConfirmationKind.Unsubscribe => UnsubscribeConfirmation,
        null => Notification,
    };

    private static NotificationDelivery Delivery(PushMessage message) => new(message.Names.UnsubscribeUrl, message.Sign(), message.IsReplayed);

    // Mended by a restart with other settings, so that it is tried again.
    private static CourierResult Unable(PushMessage message, string reason) =>
        Ended(message, DeliveryVerdict.TryAgain, null, NotConfigured, reason, TimeSpan.Zero);

    private static CourierResult Ended(PushMessage message, DeliveryVerdict verdict, int? status, string? fault, string? reason, TimeSpan elapsed)
    {
        string requestId = verdict == DeliveryVerdict.Delivered ? "" : NewRequestId();
        var outcome = new DeliveryOutcome { Message = message, Verdict = verdict, RequestId = requestId, Status = status, Fault = fault, Reason = reason, Elapsed = elapsed };
        return new CourierResult(outcome, TimeSpan.Zero);
    }

    private static string NewRequestId() => new Guid(RandomNumberGenerator.GetBytes(16)).ToString();
}
