using System.Diagnostics.CodeAnalysis;
using MimeKit;

namespace Messaging.Push.Mail;

/// <summary>Whether a text is the address of one mailbox (RFC 5321, section 4.1.2). Pure.</summary>
public static class MailAddress
{
    /// <summary>False for what has a name, a comment, several addresses, a control character, or no domain.</summary>
    public static bool IsValid([NotNullWhen(true)] string? text) => TryParse(text, out _);

    internal static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out MailboxAddress? address)
    {
        address = null;
        if (text is null || text.Length > PushLimits.MailAddressCharactersMax) return false;
        foreach (char character in text)
        {
            if (char.IsControl(character) || char.IsWhiteSpace(character)) return false;
        }

        // The parser forgives much: only what it reads as written is one.
        return MailboxAddress.TryParse(text, out address) && address.Address == text && address.Domain.Length > 0;
    }
}
