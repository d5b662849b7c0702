using System.Buffers;
using Messaging.Broker.Messages;

namespace Messaging.Broker.Envelopes;

/// <summary>The documents of types SubscriptionConfirmation and UnsubscribeConfirmation, as endpoints and email-json subscribers get them: their members in SNS's order, a line each. Pure; any thread.</summary>
public static class ConfirmationEnvelope
{
    /// <summary>Writes the whole document: JSON in UTF-8.</summary>
    public static void Write(IBufferWriter<byte> output, ConfirmationDocument document, in EnvelopeSignature signature)
    {
        Span<byte> text = stackalloc byte[MessageId.TextLength];
        var members = new MemberWriter(output, inLines: true);
        members.Open();
        members.Text("Type"u8, document.TypeName);
        document.Id.TryFormat(text, out int length);
        members.Text("MessageId"u8, text[..length]);
        members.Text("Token"u8, document.Token);
        members.Text("TopicArn"u8, document.TopicArn);
        members.Text("Message"u8, document.Message);
        members.Text("SubscribeURL"u8, document.SubscribeUrl);
        members.Text("Timestamp"u8, Utf8Text.Time(document.AskedAtMs, text));
        SignatureMembers.Write(ref members, signature);
        members.Close();
    }
}
