using System.Buffers.Binary;
using System.Buffers.Text;

namespace Messaging.Broker.Filters;

/// <summary>
/// Reads the text of an address into bytes without allocating, which <see cref="System.Net.IPAddress"/> can't. Strict: version 4 has four decimal parts without
/// leading zeros (RFC 6943, section 3.1.1), version 6 is as in RFC 4291, section 2.2, without the form that embeds version 4 and without a zone.
/// </summary>
internal static class AddressText
{
    public const int BytesMax = 16;

    private const int Version4Bytes = 4;
    private const int Groups = 8;
    private const int GroupDigitsMax = 4;
    private const int PartDigitsMax = 3;

    /// <summary>How many bytes the address has, 4 or 16; 0 when the text is none. <paramref name="bytes"/> has <see cref="BytesMax"/>.</summary>
    public static int Parse(ReadOnlySpan<byte> text, Span<byte> bytes)
    {
        if (text.Contains((byte)':'))
            return TryParseVersion6(text, bytes) ? BytesMax : 0;
        return TryParseVersion4(text, bytes) ? Version4Bytes : 0;
    }

    private static bool TryParseVersion4(ReadOnlySpan<byte> text, Span<byte> bytes)
    {
        for (int i = 0; i < Version4Bytes; i++)
        {
            int dot = text.IndexOf((byte)'.');
            if ((dot < 0) != (i == Version4Bytes - 1))
                return false;
            ReadOnlySpan<byte> part = dot < 0 ? text : text[..dot];
            if (part.Length is 0 or > PartDigitsMax || (part.Length > 1 && part[0] == '0') || part.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
                return false;
            if (!Utf8Parser.TryParse(part, out bytes[i], out _))
                return false;
            text = text[(dot + 1)..];
        }
        return true;
    }

    private static bool TryParseVersion6(ReadOnlySpan<byte> text, Span<byte> bytes)
    {
        int gap = text.IndexOf("::"u8);
        if (gap < 0)
            return ParseGroups(text, bytes) == Groups;
        Span<byte> behind = stackalloc byte[BytesMax];
        int left = gap == 0 ? 0 : ParseGroups(text[..gap], bytes);
        ReadOnlySpan<byte> rest = text[(gap + 2)..];
        int right = rest.IsEmpty ? 0 : ParseGroups(rest, behind);
        // The gap stands for one group of zeros at least.
        if (left < 0 || right < 0 || left + right >= Groups)
            return false;
        bytes[(left * 2)..BytesMax].Clear();
        behind[..(right * 2)].CopyTo(bytes[(BytesMax - (right * 2))..]);
        return true;
    }

    // Groups between single colons; negative when that is not what the text is.
    private static int ParseGroups(ReadOnlySpan<byte> text, Span<byte> bytes)
    {
        for (int count = 0; count < Groups;)
        {
            int colon = text.IndexOf((byte)':');
            ReadOnlySpan<byte> group = colon < 0 ? text : text[..colon];
            if (group.Length is 0 or > GroupDigitsMax || !Utf8Parser.TryParse(group, out ushort value, out int read, 'x') || read != group.Length)
                return -1;
            BinaryPrimitives.WriteUInt16BigEndian(bytes[(count * 2)..], value);
            count++;
            if (colon < 0)
                return count;
            text = text[(colon + 1)..];
        }
        return -1;
    }
}
