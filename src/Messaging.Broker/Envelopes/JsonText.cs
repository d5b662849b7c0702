using System.Buffers;
using System.Text.Unicode;

namespace Messaging.Broker.Envelopes;

/// <summary>
/// The inside of JSON's strings as SNS writes it: only what must be escaped is (RFC 8259, section 7), so that URLs and every script stay readable. JavaScriptEncoder escapes more in each of its kinds.
/// Pure. Hot path: a message's text is searched for what needs escaping and copied in runs.
/// </summary>
internal static class JsonText
{
    private const int PieceCharacters = 128;

    // UTF-8 of one UTF-16 unit.
    private const int UnitBytesMax = 3;

    private static readonly SearchValues<byte> Escaped = SearchValues.Create(
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, (byte)'"', (byte)'\\']);

    /// <summary>Of UTF-8.</summary>
    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> text)
    {
        while (true)
        {
            int run = text.IndexOfAny(Escaped);
            if (run < 0)
            {
                output.Write(text);
                return;
            }

            output.Write(text[..run]);
            WriteEscape(output, text[run]);
            text = text[(run + 1)..];
        }
    }

    /// <summary>Of UTF-16; half of a surrogate pair becomes U+FFFD.</summary>
    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<char> text)
    {
        Span<byte> piece = stackalloc byte[PieceCharacters * UnitBytesMax];
        while (text.Length > 0)
        {
            Utf8.FromUtf16(text, piece, out int read, out int written);
            Write(output, piece[..written]);
            text = text[read..];
        }
    }

    private static void WriteEscape(IBufferWriter<byte> output, byte value)
    {
        Span<byte> place = output.GetSpan(6);
        (byte shorthand, bool isShort) = value switch
        {
            (byte)'"' or (byte)'\\' => (value, true),
            (byte)'\b' => ((byte)'b', true),
            (byte)'\f' => ((byte)'f', true),
            (byte)'\n' => ((byte)'n', true),
            (byte)'\r' => ((byte)'r', true),
            (byte)'\t' => ((byte)'t', true),
            _ => (value, false),
        };
        place[0] = (byte)'\\';
        if (isShort)
        {
            place[1] = shorthand;
            output.Advance(2);
            return;
        }

        "u00"u8.CopyTo(place[1..]);
        place[4] = (byte)('0' + (value >> 4));
        place[5] = "0123456789abcdef"u8[value & 15];
        output.Advance(6);
    }
}
