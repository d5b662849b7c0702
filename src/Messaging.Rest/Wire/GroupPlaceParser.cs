using System.Text.Json;
using Messaging.Broker;
using Messaging.Broker.Groups;
using Messaging.Broker.Names;
using Messaging.Broker.Topics;
using Messaging.Rest.Errors;

namespace Messaging.Rest.Wire;

/// <summary>Topics and partitions as calls on groups name them, and lists of them.</summary>
internal static class GroupPlaceParser
{
    private const int Topic = 0;

    public static readonly FieldTable Fields = new(["topic", "partition"]);

    /// <summary>An array whose entries are all good, perhaps none.</summary>
    public static Problem? List<TEntry>(ref Utf8JsonReader reader, RequestDocument document, string field, EntryParser<TEntry> parse, out List<TEntry> list)
    {
        list = [];
        if (reader.TokenType != JsonTokenType.StartArray)
            return Problem.Invalid(field, "Must be an array.");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (list.Count == RestLimits.GroupEntriesMax)
                return Problem.Of(EntryCount.TooMany(field, RestLimits.GroupEntriesMax));
            if (parse(ref reader, document, out TEntry entry) is { } problem)
                return problem.Under($"{field}[{list.Count}]");
            list.Add(entry);
        }
        return null;
    }

    /// <summary>A topic's name as a string.</summary>
    public static Problem? ReadName(ref Utf8JsonReader reader, RequestDocument document, out TopicName topic) => ReadName(ref reader, document, "", out topic);

    /// <summary>The same as the value of a field.</summary>
    public static Problem? ReadName(ref Utf8JsonReader reader, RequestDocument document, string field, out TopicName topic)
    {
        topic = default;
        string? place = field.Length == 0 ? null : field;
        if (JsonText.Text(ref reader, document, field, out string text) is { } problem)
            return problem with { Field = place };
        return TopicName.TryParse(text, out topic) ? null : Problem.Of(ErrorCode.InvalidName, "This is not a legal name of a topic.", place);
    }

    /// <summary>A topic with one of its partitions.</summary>
    public static Problem? ReadPartition(ref Utf8JsonReader reader, RequestDocument document, out TopicPartition partition)
    {
        Problem? problem = ReadTarget(ref reader, document, out ResetTarget target);
        partition = new TopicPartition(target.Topic, target.Partition ?? 0);
        return problem ?? (target.Partition is null ? Problem.Of(FrontCode.MissingField, "A partition has a topic and a number.", "partition") : null);
    }

    /// <summary>A topic, with one of its partitions or all of them.</summary>
    public static Problem? ReadTarget(ref Utf8JsonReader reader, RequestDocument document, out ResetTarget target)
    {
        target = default;
        if (reader.TokenType != JsonTokenType.StartObject)
            return Problem.Of(ErrorCode.InvalidValue, "Must be an object.");
        (TopicName topic, int? partition) = (default, null);
        uint seen = 0;
        while (true)
        {
            if (Fields.Next(ref reader, ref seen, out int field) is { } refused)
                return refused;
            if (field == FieldTable.End)
                break;
            Problem? problem = field == Topic
                ? ReadName(ref reader, document, Fields.Served[Topic], out topic)
                : ReadNumber(ref reader, out partition);
            if (problem is not null)
                return problem;
        }
        target = new ResetTarget(topic, partition);
        return (seen & (1u << Topic)) == 0 ? Problem.Of(FrontCode.MissingField, "It has the name of a topic.", "topic") : null;
    }

    private static Problem? ReadNumber(ref Utf8JsonReader reader, out int? partition)
    {
        Problem? problem = JsonText.Integer(ref reader, "partition", 0, TopicLimits.PartitionsMax - 1, out int number);
        partition = number;
        return problem;
    }
}
