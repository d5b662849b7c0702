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
    public static bool IsSound(ReadOnlyMemory<byte> body) => Read(body, Default) is not null;

    /// <summary>The text for the protocol, or the default one. The body itself where it is not sound.</summary>
    public static ReadOnlyMemory<byte> TextFor(ReadOnlyMemory<byte> body, string protocol) => Read(body, protocol) is { } text ? Encoding.UTF8.GetBytes(text) : body;

    // Every text of it is read, so that what is sound for one protocol is for each: a name or text with half a surrogate pair is none.
    private static string? Read(ReadOnlyMemory<byte> body, string protocol)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind != JsonValueKind.Object) return null;
            string? own = null, otherwise = null;
            foreach (JsonProperty one in document.RootElement.EnumerateObject())
            {
                string name = one.Name;
                if (one.Value.ValueKind != JsonValueKind.String) continue;
                string text = one.Value.GetString()!;
                if (name == protocol) own = text;
                if (name == Default) otherwise = text;
            }

            return otherwise is null ? null : own ?? otherwise;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
