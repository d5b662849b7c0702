using System.Text.Json;

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
        try
        {
            using JsonDocument document = JsonDocument.Parse(text, Options);
            policy = document.RootElement.Clone();
            return policy.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>A value as a refusal repeats it.</summary>
    public static string Shown(JsonElement element)
    {
        string text = element.ValueKind == JsonValueKind.String ? element.GetString()! : element.GetRawText();
        return text.Length <= ShownMax ? text : text[..ShownMax];
    }
}
