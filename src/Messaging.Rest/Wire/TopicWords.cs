using Messaging.Broker.Topics;

namespace Messaging.Rest.Wire;

/// <summary>The words of a topic's definition, both ways.</summary>
internal static class TopicWords
{
    public static string NameOf(TopicType type) => type switch { TopicType.Standard => "standard", TopicType.Fifo => "fifo" };

    public static string NameOf(TopicCleanup cleanup) =>
        cleanup switch { TopicCleanup.Delete => "delete", TopicCleanup.Compact => "compact", TopicCleanup.Both => "both" };

    public static string NameOf(TopicTimestamps timestamps) => timestamps switch { TopicTimestamps.Create => "create", TopicTimestamps.Append => "append" };

    public static bool TryParse(string text, out TopicType type)
    {
        (bool known, type) = text switch { "standard" => (true, TopicType.Standard), "fifo" => (true, TopicType.Fifo), _ => (false, default) };
        return known;
    }

    public static bool TryParse(string text, out TopicCleanup cleanup)
    {
        (bool known, cleanup) = text switch
        {
            "delete" => (true, TopicCleanup.Delete),
            "compact" => (true, TopicCleanup.Compact),
            "both" => (true, TopicCleanup.Both),
            _ => (false, default),
        };
        return known;
    }

    public static bool TryParse(string text, out TopicTimestamps timestamps)
    {
        (bool known, timestamps) = text switch { "create" => (true, TopicTimestamps.Create), "append" => (true, TopicTimestamps.Append), _ => (false, default) };
        return known;
    }
}
