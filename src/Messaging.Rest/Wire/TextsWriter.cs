using System.Text.Json;

namespace Messaging.Rest.Wire;

/// <summary>The tags and annotations of a definition as an object of strings.</summary>
internal static class TextsWriter
{
    public static void Write(Utf8JsonWriter writer, IReadOnlyDictionary<string, string> texts)
    {
        writer.WriteStartObject();
        foreach ((string key, string value) in texts)
            writer.WriteString(key, value);
        writer.WriteEndObject();
    }
}
