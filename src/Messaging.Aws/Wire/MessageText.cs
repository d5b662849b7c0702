using System.Buffers;
using System.Globalization;
using System.Text;

namespace Messaging.Aws.Wire;

/// <summary>
/// Which texts a message may have: the characters of XML 1.0, #x9, #xA, #xD, #x20 to #xD7FF, #xE000 to #xFFFD, #x10000 to #x10FFFF (Amazon SQS API Reference, SendMessage, MessageBody). Pure. Hot path.
/// </summary>
internal static class MessageText
{
    // What may be the first byte of a character outside of the set: controls, and 0xEF of U+FFFE and U+FFFF.
    private static readonly SearchValues<byte> Suspects = SearchValues.Create(
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 0x0B, 0x0C, .. Enumerable.Range(0x0E, 0x12).Select(static one => (byte)one), 0xEF]);

    /// <summary>The first character of valid UTF-8 that is outside of the set, as "#x1A"; null when all are in it.</summary>
    public static string? FirstIllegal(ReadOnlySpan<byte> utf8)
    {
        while (true)
        {
            int at = utf8.IndexOfAny(Suspects);
            if (at < 0)
                return null;
            Rune.DecodeFromUtf8(utf8[at..], out Rune rune, out int consumed);
            if (rune.Value is < 0x20 or 0xFFFE or 0xFFFF)
                return "#x" + rune.Value.ToString("X", CultureInfo.InvariantCulture);
            utf8 = utf8[(at + consumed)..];
        }
    }

    /// <summary>Whether the bytes, whatever they are, can be told as a text of this set.</summary>
    public static bool IsLegal(ReadOnlySpan<byte> bytes) => System.Text.Unicode.Utf8.IsValid(bytes) && FirstIllegal(bytes) is null;
}
