using System.Buffers;

namespace Messaging.Broker.Messages;

/// <summary>
/// The form of a content type (RFC 9110, section 8.3.1): type and subtype, then parameters, in ASCII, a quoted value without control characters.
/// So whoever receives a message can pass its type on as a header. Pure; no allocation.
/// </summary>
public static class ContentTypes
{
    public static readonly string Rule = $"Must be a media type, such as text/plain; charset=utf-8, of at most {MessageLimits.ContentTypeBytesMax} bytes.";

    private static readonly SearchValues<char> Token =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    public static bool IsValid(ReadOnlySpan<char> text)
    {
        if (text.Length > MessageLimits.ContentTypeBytesMax || !TakeToken(ref text) || !Take(ref text, '/') || !TakeToken(ref text))
            return false;
        while (true)
        {
            SkipSpace(ref text);
            if (text.IsEmpty)
                return true;
            if (!Take(ref text, ';'))
                return false;
            SkipSpace(ref text);
            // A parameter may be missing between two semicolons.
            bool isWhole = text.IsEmpty || text[0] == ';' || (TakeToken(ref text) && Take(ref text, '=') && (TakeToken(ref text) || TakeQuoted(ref text)));
            if (!isWhole)
                return false;
        }
    }

    private static bool TakeToken(ref ReadOnlySpan<char> text)
    {
        int end = text.IndexOfAnyExcept(Token);
        int length = end < 0 ? text.Length : end;
        text = text[length..];
        return length > 0;
    }

    private static bool TakeQuoted(ref ReadOnlySpan<char> text)
    {
        if (!Take(ref text, '"'))
            return false;
        for (int index = 0; index < text.Length; index++)
        {
            if (text[index] == '"')
            {
                text = text[(index + 1)..];
                return true;
            }
            if (text[index] == '\\' && ++index == text.Length)
                return false;
            if (text[index] is not ('\t' or (>= ' ' and <= '~')))
                return false;
        }
        return false;
    }

    private static bool Take(ref ReadOnlySpan<char> text, char wanted)
    {
        if (text.IsEmpty || text[0] != wanted)
            return false;
        text = text[1..];
        return true;
    }

    private static void SkipSpace(ref ReadOnlySpan<char> text) => text = text.TrimStart(" \t");
}
