using System.Buffers.Text;
using System.Text;
using Messaging.Broker.Documents;

namespace Messaging.Aws.Documents;

/// <summary>Tokens of pages of documents: the last name of the page before. Pure.</summary>
internal static class DocumentToken
{
    /// <summary>Of what follows the page; null where nothing does.</summary>
    public static string? After(DocumentPage page) => page.HasMore ? Base64Url.EncodeToString(Encoding.UTF8.GetBytes(page.Documents[^1].Name)) : null;

    /// <summary>Null for the first page; false for what is no token.</summary>
    public static bool TryRead(string token, out string? name)
    {
        name = null;
        if (token.Length == 0)
            return true;
        if (!Base64Url.IsValid(token))
            return false;
        name = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token));
        return true;
    }
}
