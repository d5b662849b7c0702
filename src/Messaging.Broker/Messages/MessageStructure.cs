using System.Text;
using System.Text.Json;

namespace Messaging.Broker.Messages;

/// <summary>
/// A body with a text for each protocol that it is delivered by: a JSON object, as the parameter MessageStructure of Amazon SNS has it. What is no text is passed over, but for the one by the name "default", which
/// there must be. Pure.
/// </summary>
public static class MessageStructure
{
    private const string Default = "default";

    /// <summary>Whether there is a text for every protocol.</summary>
    public static bool IsSound(ReadOnlyMemory<byte> body)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty(Default, out JsonElement text) && text.ValueKind == JsonValueKind.String;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>The text for the protocol, or the default one. The body itself where it is not sound.</summary>
    public static ReadOnlyMemory<byte> TextFor(ReadOnlyMemory<byte> body, string protocol)
    {
        if (!IsSound(body)) return body;
        using JsonDocument document = JsonDocument.Parse(body);
        bool isOwn = document.RootElement.TryGetProperty(protocol, out JsonElement own) && own.ValueKind == JsonValueKind.String;
        return Encoding.UTF8.GetBytes((isOwn ? own : document.RootElement.GetProperty(Default)).GetString()!);
    }
}
