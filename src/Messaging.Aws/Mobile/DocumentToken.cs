using System.Buffers.Text;
using System.Text;

namespace Messaging.Aws.Mobile;

/// <summary>Tokens of pages of documents: the last name of the page before. Pure.</summary>
internal static class DocumentToken
{
    public static string Of(string name) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(name));

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
