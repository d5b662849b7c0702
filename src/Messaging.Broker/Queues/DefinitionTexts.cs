namespace Messaging.Broker.Queues;

/// <summary>The texts of a definition that the broker only keeps, by key: tags, and the annotations of fronts.</summary>
internal static class DefinitionTexts
{
    public static bool AreSame(IReadOnlyDictionary<string, string> texts, IReadOnlyDictionary<string, string> others)
    {
        if (texts.Count != others.Count) return false;
        foreach ((string key, string value) in texts)
        {
            if (!others.TryGetValue(key, out string? other) || other != value) return false;
        }

        return true;
    }

    /// <summary>A copy of them: their owner may change them afterwards.</summary>
    public static IReadOnlyDictionary<string, string> Own(IReadOnlyDictionary<string, string> texts) =>
        texts is null or { Count: 0 } ? texts! : new Dictionary<string, string>(texts, StringComparer.Ordinal);

    public static int Characters(IReadOnlyDictionary<string, string> texts)
    {
        int characters = 0;
        foreach ((string key, string value) in texts) characters += key.Length + value.Length;
        return characters;
    }

    public static BrokerError? ValidateTags(IReadOnlyDictionary<string, string> tags)
    {
        const string field = "tags";
        if (tags is null) return new BrokerError(ErrorCode.InvalidValue, "The tags are an object of strings.", field);
        if (tags.Count > BrokerLimits.TagsMax)
        {
            return new BrokerError(ErrorCode.InvalidValue, $"A queue has at most {BrokerLimits.TagsMax} tags, not {tags.Count}.", field);
        }

        foreach ((string key, string value) in tags)
        {
            // No text of Postgres has U+0000.
            if (key.Length is 0 or > BrokerLimits.TagKeyCharactersMax || key.Contains('\0', StringComparison.Ordinal))
            {
                return new BrokerError(ErrorCode.InvalidValue, $"A tag's key has 1 to {BrokerLimits.TagKeyCharactersMax} characters, and no U+0000.", field);
            }

            if (value is null || value.Length > BrokerLimits.TagValueCharactersMax || value.Contains('\0', StringComparison.Ordinal))
            {
                return new BrokerError(ErrorCode.InvalidValue, $"A tag's value has at most {BrokerLimits.TagValueCharactersMax} characters, and no U+0000.", $"{field}.{key}");
            }
        }

        return null;
    }

    public static BrokerError? ValidateAnnotations(IReadOnlyDictionary<string, string> annotations)
    {
        const string field = "annotations";
        if (annotations is null) return new BrokerError(ErrorCode.InvalidValue, "The annotations are an object of strings.", field);
        if (annotations.Count > BrokerLimits.AnnotationsMax)
        {
            return new BrokerError(ErrorCode.InvalidValue, $"A queue has at most {BrokerLimits.AnnotationsMax} annotations, not {annotations.Count}.", field);
        }

        foreach ((string key, string value) in annotations)
        {
            if (key.Length is 0 or > BrokerLimits.AnnotationKeyCharactersMax || key.Any(char.IsControl))
            {
                return new BrokerError(
                    ErrorCode.InvalidValue, $"An annotation's key has 1 to {BrokerLimits.AnnotationKeyCharactersMax} characters, and no control character.", field);
            }

            // No text of Postgres has U+0000.
            if (value is null || value.Length > BrokerLimits.AnnotationValueCharactersMax || value.Contains('\0', StringComparison.Ordinal))
            {
                return new BrokerError(
                    ErrorCode.InvalidValue, $"An annotation's value has at most {BrokerLimits.AnnotationValueCharactersMax} characters, and no U+0000.", $"{field}.{key}");
            }
        }

        int characters = Characters(annotations);
        return characters <= BrokerLimits.AnnotationCharactersMax
            ? null
            : new BrokerError(ErrorCode.InvalidValue, $"The annotations of a queue have at most {BrokerLimits.AnnotationCharactersMax} characters together, not {characters}.", field);
    }
}
