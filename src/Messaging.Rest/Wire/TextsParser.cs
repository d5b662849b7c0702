using System.Text.Json;
using Messaging.Rest.Errors;

namespace Messaging.Rest.Wire;

/// <summary>The tags and annotations of a definition: objects of strings.</summary>
internal static class TextsParser
{
    /// <summary>At most <paramref name="countMax"/> of them; with <paramref name="isMerge"/> they are a patch's, which may have twice as many, and some as null.</summary>
    public static Problem? Read(ref Utf8JsonReader reader, RequestDocument document, string field, int countMax, bool isMerge, out TextChanges texts)
    {
        var read = new Dictionary<string, string?>(StringComparer.Ordinal);
        texts = new TextChanges(read);
        // A patch may take all away that are there, and set as many.
        int max = isMerge ? 2 * countMax : countMax;
        if (reader.TokenType != JsonTokenType.StartObject)
            return Problem.Invalid(field, "Must be an object of strings.");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            if (read.Count == max)
                return Problem.Invalid(field, isMerge ? $"A patch names at most {max} {field}." : $"A definition has at most {max} {field}.");
            if (JsonText.Name(ref reader, document, out string key) is { } refused)
                return refused.Under(field);
            reader.Read();
            string? value = null;
            if (!(isMerge && reader.TokenType == JsonTokenType.Null) && JsonText.Text(ref reader, document, key, out value) is { } problem)
                return problem.Under(field);
            if (!read.TryAdd(key, value))
                return Problem.Of(FrontCode.DuplicateField, "A key may stand there only once.", key).Under(field);
        }
        return null;
    }
}
