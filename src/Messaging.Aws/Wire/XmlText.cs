using System.Buffers;
using System.Text;

namespace Messaging.Aws.Wire;

/// <summary>Text as the content of an XML element (XML 1.0, section 2.4). A carriage return is written as a reference, since parsers turn it into a line feed (section 2.11). Pure.</summary>
internal static class XmlText
{
    private static readonly SearchValues<byte> Special = SearchValues.Create("&<>\"\r"u8);

    public static void Write(IBufferWriter<byte> buffer, ReadOnlySpan<byte> text)
    {
        while (true)
        {
            int at = text.IndexOfAny(Special);
            if (at < 0)
            {
                buffer.Write(text);
                return;
            }
            buffer.Write(text[..at]);
            buffer.Write(Reference(text[at]));
            text = text[(at + 1)..];
        }
    }

    /// <summary>A text of ours that repeats a client's, with a question mark for each character that XML does not have.</summary>
    public static byte[] Legal(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        return MessageText.IsLegal(utf8) ? utf8 : Encoding.UTF8.GetBytes(string.Concat(text.EnumerateRunes().Select(static rune =>
            MessageText.IsLegal(Encoding.UTF8.GetBytes(rune.ToString())) ? rune.ToString() : "?")));
    }

    private static ReadOnlySpan<byte> Reference(byte special) => special switch
    {
        (byte)'&' => "&amp;"u8,
        (byte)'<' => "&lt;"u8,
        (byte)'>' => "&gt;"u8,
        (byte)'"' => "&quot;"u8,
        _ => "&#xD;"u8,
    };
}
