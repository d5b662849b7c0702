using System.Buffers;
using System.Text;

namespace Messaging.Broker.Envelopes;

/// <summary>
/// What subscribers of the protocol email read; those of email-json get the same documents as endpoints do. SNS's words, without its support address: this is another server. Lines end in LF;
/// who sends the mail makes them CRLF. Pure; any thread.
/// </summary>
public static class MailText
{
    /// <summary>Of a notification without a subject of its own.</summary>
    public const string SubjectDefault = "AWS Notification Message";

    /// <summary>Of the mail that asks for a confirmation.</summary>
    public const string ConfirmationSubject = "AWS Notification - Subscription Confirmation";

    /// <summary>Of the mail that says that a subscription has ended.</summary>
    public const string UnsubscribedSubject = "AWS Notification - Unsubscribe Confirmation";

    /// <summary>The message as it is, and below it how to end the subscription.</summary>
    public static void WriteNotification(IBufferWriter<byte> output, NotificationDocument document, string unsubscribeUrl)
    {
        output.Write(document.Message.Span);
        output.Write("\n\n--\nIf you wish to stop receiving notifications from this topic, please click or visit the link below to unsubscribe:\n"u8);
        Write(output, unsubscribeUrl);
        output.Write("\n\nPlease do not reply directly to this email.\n"u8);
    }

    /// <summary>The topic, and where to confirm or to subscribe again.</summary>
    public static void WriteConfirmation(IBufferWriter<byte> output, ConfirmationDocument document)
    {
        output.Write(document.Kind switch
        {
            ConfirmationKind.Subscribe => "You have chosen to subscribe to the topic:\n"u8,
            ConfirmationKind.Unsubscribe => "Your subscription to the topic below has been deactivated:\n"u8,
        });
        Write(output, document.TopicArn);
        output.Write(document.Kind switch
        {
            ConfirmationKind.Subscribe => "\n\nTo confirm this subscription, click or visit the link below (If this was in error no action is necessary):\n"u8,
            ConfirmationKind.Unsubscribe => "\n\nIf this was in error, click or visit the link below to resubscribe:\n"u8,
        });
        Write(output, document.SubscribeUrl);
        output.Write("\n\nPlease do not reply directly to this email.\n"u8);
    }

    private static void Write(IBufferWriter<byte> output, string text) => Encoding.UTF8.GetBytes(text.AsSpan(), output);
}
