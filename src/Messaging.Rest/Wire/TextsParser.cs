using System.Text.Json;
using Messaging.Broker;
using Messaging.Rest.Errors;

namespace Messaging.Rest.Wire;

/// <summary>The tags and annotations of a definition: objects of strings.</summary>
internal static class TextsParser
{
    public static Problem? ReadTags<TDefinition>(
        ref Utf8JsonReader reader, RequestDocument document, DefinitionBox<TDefinition> target, Func<TDefinition, TextChanges, TDefinition> merge) =>
        Read(ref reader, document, "tags", BrokerLimits.TagsMax, target, merge);

    public static Problem? ReadAnnotations<TDefinition>(
        ref Utf8JsonReader reader, RequestDocument document, DefinitionBox<TDefinition> target, Func<TDefinition, TextChanges, TDefinition> merge) =>
        Read(ref reader, document, "annotations", BrokerLimits.AnnotationsMax, target, merge);

    private static Problem? Read<TDefinition>(
        ref Utf8JsonReader reader, RequestDocument document, string field, int countMax, DefinitionBox<TDefinition> target, Func<TDefinition, TextChanges, TDefinition> merge)
    {
        if (Read(ref reader, document, field, countMax, target.IsMerge, out TextChanges texts) is { } problem)
            return problem;
        target.Then(definition => merge(definition, texts));
        return null;
    }

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
