using System.Text.Json;
using Messaging.Broker;
using Messaging.Rest.Errors;

namespace Messaging.Rest.Wire;

/// <summary>The tags and annotations of a queue's definition: objects of strings. A patch sets those that it names, and takes away those that it has as null.</summary>
internal static class QueueTextsParser
{
    public static Problem? ReadTags(ref Utf8JsonReader reader, RequestDocument document, QueueDefinitionParser.Box target)
    {
        if (Read(ref reader, document, "tags", BrokerLimits.TagsMax, target.IsMerge, out Dictionary<string, string?> tags) is { } problem)
            return problem;
        target.Then(definition => definition with { Tags = Merge(definition.Tags, tags) });
        return null;
    }

    public static Problem? ReadAnnotations(ref Utf8JsonReader reader, RequestDocument document, QueueDefinitionParser.Box target)
    {
        if (Read(ref reader, document, "annotations", BrokerLimits.AnnotationsMax, target.IsMerge, out Dictionary<string, string?> annotations) is { } problem)
            return problem;
        target.Then(definition => definition with { Annotations = Merge(definition.Annotations, annotations) });
        return null;
    }

    private static Problem? Read(ref Utf8JsonReader reader, RequestDocument document, string field, int countMax, bool isMerge, out Dictionary<string, string?> texts)
    {
        texts = new Dictionary<string, string?>(StringComparer.Ordinal);
        // A patch may take all away that are there, and set as many.
        int max = isMerge ? 2 * countMax : countMax;
        if (reader.TokenType != JsonTokenType.StartObject)
            return Problem.Invalid(field, "Must be an object of strings.");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            if (texts.Count == max)
                return Problem.Invalid(field, isMerge ? $"A patch names at most {max} {field}." : $"A queue has at most {max} {field}.");
            if (JsonText.Name(ref reader, document, out string key) is { } refused)
                return refused.Under(field);
            reader.Read();
            string? value = null;
            if (!(isMerge && reader.TokenType == JsonTokenType.Null) && JsonText.Text(ref reader, document, key, out value) is { } problem)
                return problem.Under(field);
            if (!texts.TryAdd(key, value))
                return Problem.Of(FrontCode.DuplicateField, "A key may stand there only once.", key).Under(field);
        }
        return null;
    }

    // Those that stay keep their order, and new ones come behind.
    private static Dictionary<string, string> Merge(IReadOnlyDictionary<string, string> texts, Dictionary<string, string?> changes)
    {
        var merged = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string key, string value) in texts)
        {
            if (changes.GetValueOrDefault(key, value) is not null)
                merged.Add(key, value);
        }
        foreach ((string key, string? value) in changes)
        {
            if (value is not null)
                merged[key] = value;
        }
        return merged;
    }
}
