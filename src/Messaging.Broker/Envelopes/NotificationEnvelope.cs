using System.Buffers;
using Messaging.Broker.Messages;

namespace Messaging.Broker.Envelopes;

/// <summary>
/// The document of type Notification that queues, endpoints and email-json subscribers get (SNS Developer Guide, "HTTP/HTTPS notification JSON format"): its members in SNS's order, a line each.
/// FIFO topics have SequenceNumber, and no signature. Pure; any thread. Hot path: allocates nothing.
/// </summary>
public static class NotificationEnvelope
{
    /// <summary>Writes the whole document: JSON in UTF-8.</summary>
    public static void Write(IBufferWriter<byte> output, NotificationDocument document, in NotificationDelivery delivery)
    {
        Span<byte> text = stackalloc byte[MessageId.TextLength];
        var members = new MemberWriter(output, inLines: true);
        members.Open();
        members.Text("Type"u8, "Notification"u8);
        document.Id.TryFormat(text, out int length);
        members.Text("MessageId"u8, text[..length]);
        if (document.Sequence is { } sequence) members.Text("SequenceNumber"u8, Utf8Text.Sequence(sequence, text));
        members.Text("TopicArn"u8, document.TopicArn);
        if (document.Subject is { } subject) members.Text("Subject"u8, subject);
        members.Text("Message"u8, document.Message.Span);
        members.Text("Timestamp"u8, Utf8Text.Time(document.PublishedAtMs, text));
        if (delivery.Signature is { } signature) SignatureMembers.Write(ref members, signature);
        if (delivery.UnsubscribeUrl is { } unsubscribe) members.Text("UnsubscribeURL"u8, unsubscribe);
        if (document.Attributes.Count > 0) AttributeMembers.Write(output, ref members, document.Attributes);
        if (delivery.Replayed) members.Literal("Replayed"u8, "true"u8);
        members.Close();
    }
}
