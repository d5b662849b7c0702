using System.Buffers;
using Messaging.Broker.Subscriptions.Delivery;

namespace Messaging.Broker.Subscriptions;

/// <summary>The address of one mailbox, without a name beside it: words with dots between them, an at sign, and a domain or an address in brackets (RFC 5321, section 4.1.2; beyond ASCII RFC 6531). No quoted words. Pure.</summary>
internal static class Mailbox
{
    // RFC 5322, section 3.2.3.
    private static readonly SearchValues<char> Words = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/=?^_`{|}~");

    private static readonly SearchValues<char> Labels = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");

    private static readonly SearchValues<char> Literals = SearchValues.Create("abcdefABCDEF0123456789.:IPv");

    public static bool IsLegal(string? text)
    {
        if (text is null || text.Length > DeliveryLimits.MailAddressCharactersMax || text.Any(static one => char.IsSurrogate(one) || char.IsControl(one) || char.IsWhiteSpace(one))) return false;
        int at = text.IndexOf('@', StringComparison.Ordinal);
        if (at < 0 || !AreWords(text.AsSpan(0, at), Words)) return false;
        ReadOnlySpan<char> domain = text.AsSpan(at + 1);
        return domain is ['[', .. var address, ']'] ? !address.IsEmpty && !address.ContainsAnyExcept(Literals) : AreWords(domain, Labels);
    }

    private static bool AreWords(ReadOnlySpan<char> text, SearchValues<char> legal)
    {
        foreach (Range word in text.Split('.'))
        {
            if (text[word].IsEmpty) return false;
            foreach (char one in text[word])
            {
                if (char.IsAscii(one) && !legal.Contains(one)) return false;
            }
        }

        return true;
    }
}
