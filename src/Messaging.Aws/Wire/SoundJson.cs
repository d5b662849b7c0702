using System.Text.Json;

namespace Messaging.Aws.Wire;

/// <summary>Whether JSON can be read as a DOM without surprises. Pure.</summary>
internal static class SoundJson
{
    /// <summary>Well-formed, and each of its texts is one: half of a surrogate pair can be escaped, and throws when it is read.</summary>
    public static bool Is(ReadOnlySpan<byte> json, int depthMax)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = depthMax });
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
                    reader.GetString();
            }
            return true;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
