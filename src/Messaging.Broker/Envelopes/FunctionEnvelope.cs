using System.Buffers;
using Messaging.Broker.Messages;

namespace Messaging.Broker.Envelopes;

/// <summary>
/// The event that a function is invoked with (AWS Lambda Developer Guide, "Invoke Lambda functions with Amazon SNS notifications"): one record, in one line. Its members differ from the other document's:
/// Subject is null where there is none, MessageAttributes are there when they are empty, and two names end in "Url". Pure; any thread.
/// </summary>
public static class FunctionEnvelope
{
    /// <summary>Writes the whole event: JSON in UTF-8.</summary>
    public static void Write(IBufferWriter<byte> output, NotificationDocument document, in NotificationDelivery delivery, string subscriptionArn)
    {
        Span<byte> text = stackalloc byte[MessageId.TextLength];
        output.Write("{\"Records\":["u8);
        var members = new MemberWriter(output, inLines: false);
        members.Open();
        members.Text("EventSource"u8, "aws:sns"u8);
        members.Text("EventVersion"u8, "1.0"u8);
        members.Text("EventSubscriptionArn"u8, subscriptionArn);
        members.Name("Sns"u8);
        members.Open();
        members.Text("Type"u8, "Notification"u8);
        document.Id.TryFormat(text, out int length);
        members.Text("MessageId"u8, text[..length]);
        members.Text("TopicArn"u8, document.TopicArn);
        if (document.Subject is { } subject) members.Text("Subject"u8, subject);
        else members.Literal("Subject"u8, "null"u8);
        members.Text("Message"u8, document.Message.Span);
        members.Text("Timestamp"u8, Utf8Text.Time(document.PublishedAtMs, text));
        if (delivery.Signature is { } signature)
        {
            members.Text("SignatureVersion"u8, Utf8Text.Version(signature.Version));
            members.Text("Signature"u8, signature.Base64.Span);
            members.Text("SigningCertUrl"u8, signature.CertificateUrl);
        }

        if (delivery.UnsubscribeUrl is { } unsubscribe) members.Text("UnsubscribeUrl"u8, unsubscribe);
        if (document.Attributes.Count > 0) AttributeMembers.Write(output, ref members, document.Attributes);
        else AttributeMembers.WriteNone(ref members);
        if (delivery.Replayed) members.Literal("Replayed"u8, "true"u8);
        members.Close();
        members.Close();
        output.Write("]}"u8);
    }
}
