using System.Text;
using MimeKit;
using MimeKit.Text;

namespace Messaging.Push.Mail;

/// <summary>Makes the mail that is sent (RFC 5322): one part of plain text in UTF-8. Names and subjects are encoded by MimeKit (RFC 2047), and have no line ends, which would begin other headers.</summary>
internal static class MailBuilder
{
    public static MimeMessage Build(OutgoingMail mail, MailboxAddress from, MailboxAddress to, DateTimeOffset now)
    {
        var message = new MimeMessage
        {
            Date = now,
            MessageId = $"{OneLine(mail.Id)}@{from.Domain}",
            Subject = OneLine(mail.Subject),
            Body = new TextPart(TextFormat.Plain),
        };
        ((TextPart)message.Body).SetText(Encoding.UTF8, Encoding.UTF8.GetString(mail.Body.Span));
        message.From.Add(new MailboxAddress(Encoding.UTF8, mail.SenderName is { } name ? OneLine(name) : null, from.Address));
        message.To.Add(to);

        // Who answers automatically must not answer a machine (RFC 3834, section 5).
        message.Headers.Add("Auto-Submitted", "auto-generated");
        return message;
    }

    private static string OneLine(string text) => string.Create(text.Length, text, static (characters, source) =>
    {
        for (int index = 0; index < characters.Length; index++) characters[index] = char.IsControl(source[index]) ? ' ' : source[index];
    });
}
