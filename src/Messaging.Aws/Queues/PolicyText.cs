using System.Text;
using System.Text.Json;
using Messaging.Aws.Wire;

namespace Messaging.Aws.Queues;

/// <summary>The small JSON objects that attributes hold. Control plane: a DOM is fine. Pure.</summary>
internal static class PolicyText
{
    private const int DepthMax = 16;
    private const int ShownMax = 64;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = DepthMax };

    /// <summary>False for what is no JSON object.</summary>
    public static bool TryParse(string text, out JsonElement policy)
    {
        policy = default;
        byte[] json = Encoding.UTF8.GetBytes(text);
        if (!SoundJson.Is(json, DepthMax))
            return false;
        using JsonDocument document = JsonDocument.Parse(json, Options);
        policy = document.RootElement.Clone();
        return policy.ValueKind == JsonValueKind.Object;
    }

    /// <summary>A value as a refusal repeats it.</summary>
    public static string Shown(JsonElement element)
    {
        string text = element.ValueKind == JsonValueKind.String ? element.GetString()! : element.GetRawText();
        return text.Length <= ShownMax ? text : text[..ShownMax];
    }
}
