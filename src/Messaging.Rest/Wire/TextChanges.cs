namespace Messaging.Rest.Wire;

/// <summary>Tags or annotations as they were sent: a patch sets those that it names, and takes away those that it has as null. Immutable.</summary>
internal readonly record struct TextChanges(IReadOnlyDictionary<string, string?> Changes)
{
    /// <summary>Those that stay keep their order, and new ones come behind.</summary>
    public IReadOnlyDictionary<string, string> Merge(IReadOnlyDictionary<string, string> texts)
    {
        var merged = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string key, string value) in texts)
        {
            if (!Changes.TryGetValue(key, out string? change) || change is not null)
                merged.Add(key, value);
        }
        foreach ((string key, string? value) in Changes)
        {
            if (value is not null)
                merged[key] = value;
        }
        return merged;
    }
}
