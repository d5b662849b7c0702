namespace Messaging.Broker.Messages;

/// <summary>
/// Attributes of one name each. A topic's record may have several headers of one name; of a queue's message and in a notification a name stands once, and the last one counts, as Apache Kafka's Headers.lastHeader reads them. Pure.
/// </summary>
internal static class DistinctAttributes
{
    // Below, comparing each with each is cheaper than a set.
    private const int FewMax = 16;

    /// <summary>Of the first ones; they themselves where they are all, and distinct.</summary>
    public static MessageAttribute[] Of(MessageAttribute[] all, int count)
    {
        ReadOnlySpan<MessageAttribute> attributes = all.AsSpan(0, count);
        if (count <= FewMax && AreDistinct(attributes)) return count == all.Length ? all : attributes.ToArray();
        return LastOfEach(attributes);
    }

    private static MessageAttribute[] LastOfEach(ReadOnlySpan<MessageAttribute> attributes)
    {
        var last = new Dictionary<string, int>(attributes.Length, StringComparer.Ordinal);
        for (int i = 0; i < attributes.Length; i++) last[attributes[i].Name] = i;
        var distinct = new MessageAttribute[last.Count];
        int kept = 0;
        for (int i = 0; i < attributes.Length; i++)
        {
            if (last[attributes[i].Name] == i) distinct[kept++] = attributes[i];
        }

        return distinct;
    }

    private static bool AreDistinct(ReadOnlySpan<MessageAttribute> attributes)
    {
        for (int i = 1; i < attributes.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                if (attributes[i].Name == attributes[j].Name) return false;
            }
        }

        return true;
    }
}
