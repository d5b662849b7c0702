using System.Text;

namespace Messaging.Broker.Names;

/// <summary>
/// The rule of every name (message.md): 1 to 255 bytes of UTF-8 without control characters. Each front is as strict
/// as its protocol on top. Other words that clients choose keep it too, each with its own length. Half a surrogate pair has no UTF-8 and is refused.
/// </summary>
internal static class NameRules
{
    /// <summary>The rule, for a refusal.</summary>
    public static readonly string Text = $"1 to {BrokerLimits.NameBytesMax} bytes of UTF-8 without control characters";

    /// <summary>The same of bytes that may be no text.</summary>
    public static bool IsLegal(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length is 0 or > BrokerLimits.NameBytesMax) return false;
        while (!utf8.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(utf8, out Rune rune, out int consumed) != System.Buffers.OperationStatus.Done || Rune.IsControl(rune)) return false;
            utf8 = utf8[consumed..];
        }

        return true;
    }

    public static bool IsLegal(string? text, int bytesMax = BrokerLimits.NameBytesMax)
    {
        if (string.IsNullOrEmpty(text) || text.Length > bytesMax) return false;
        int bytes = 0;
        ReadOnlySpan<char> rest = text;
        while (!rest.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(rest, out Rune rune, out int consumed) != System.Buffers.OperationStatus.Done) return false;
            if (Rune.IsControl(rune)) return false;
            bytes += rune.Utf8SequenceLength;
            rest = rest[consumed..];
        }

        return bytes <= bytesMax;
    }
}
