using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Messaging.Rest.Wire;

/// <summary>Bytes that a client has sent, as the reader asks to see them. Hot path.</summary>
internal static class BytesWriter
{
    /// <summary>A member of the one name or the other, which tells how the bytes are shown.</summary>
    public static void Write(Utf8JsonWriter writer, JsonEncodedText text, JsonEncodedText base64, ReadOnlySpan<byte> bytes, BodyEncoding encoding)
    {
        if (encoding == BodyEncoding.Text || (encoding == BodyEncoding.Auto && Utf8.IsValid(bytes)))
            WriteText(writer, text, bytes);
        else
            writer.WriteBase64String(base64, bytes);
    }

    /// <summary>Always as text; what is not UTF-8 becomes U+FFFD.</summary>
    public static void WriteText(Utf8JsonWriter writer, JsonEncodedText name, ReadOnlySpan<byte> bytes)
    {
        if (Utf8.IsValid(bytes))
            writer.WriteString(name, bytes);
        else
            writer.WriteString(name, Encoding.UTF8.GetString(bytes));
    }
}
