namespace Messaging.Aws.Topics;

/// <summary>What of a topic's or a subscription's attributes the broker has no idea of: texts in its annotations, under the attribute's name, where what delivers to endpoints looks for some of them too. Pure.</summary>
internal static class Annotations
{
    /// <summary>The attribute's text as it is kept, or null.</summary>
    public static string? Of(IReadOnlyDictionary<string, string> annotations, string attribute) => annotations.GetValueOrDefault(attribute);

    /// <summary>The same with the text; null or empty: without it.</summary>
    public static IReadOnlyDictionary<string, string> With(IReadOnlyDictionary<string, string> annotations, string attribute, string? value)
    {
        var changed = new Dictionary<string, string>(annotations, StringComparer.Ordinal);
        if (string.IsNullOrEmpty(value))
            changed.Remove(attribute);
        else
            changed[attribute] = value;
        return changed;
    }
}
