using System.Text.Json;

namespace Messaging.Aws.Policies;

/// <summary>A string, or a list of them, which mean the same in a policy.</summary>
internal static class JsonTexts
{
    /// <summary>Null for what is neither. <paramref name="takesLiterals"/>: numbers and truths may stand there without quotes.</summary>
    public static string[]? Read(JsonElement value, bool takesLiterals = false)
    {
        if (value.ValueKind != JsonValueKind.Array)
            return One(value, takesLiterals) is { } single ? [single] : null;
        var texts = new string[value.GetArrayLength()];
        int count = 0;
        foreach (JsonElement element in value.EnumerateArray())
        {
            if (One(element, takesLiterals) is not { } text)
                return null;
            texts[count++] = text;
        }
        return texts;
    }

    private static string? One(JsonElement value, bool takesLiterals) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.True or JsonValueKind.False or JsonValueKind.Number when takesLiterals => value.GetRawText(),
        _ => null,
    };
}
