using System.Diagnostics;
using System.Text.Json;
using Messaging.Broker;
using Messaging.Broker.Queues;
using Messaging.Rest.Errors;

namespace Messaging.Rest.Wire;

/// <summary>
/// A queue's definition. By hand as everything else here, and not by a serializer: so all documents of the front share one rule and one
/// table for unknown, doubled and later fields, and answer with the same codes and places.
/// </summary>
internal static class QueueDefinitionParser
{
    private const int Type = 0, LeaseSeconds = 1, DelaySeconds = 2, RetentionSeconds = 3, ReceiveWaitSeconds = 4, MaxMessageBytes = 5, Priorities = 6, Tags = 7;

    public static readonly FieldTable Fields = new(
        ["type", "leaseSeconds", "delaySeconds", "retentionSeconds", "receiveWaitSeconds", "maxMessageBytes", "priorities", "tags"],
        later: ["deadLetter", "deduplication", "retry", "maxMessages"]);

    public static Problem? Read(ref Utf8JsonReader reader, RequestDocument document, Box target)
    {
        uint seen = 0;
        while (true)
        {
            if (Fields.Next(ref reader, ref seen, out int field) is { } refused)
                return refused;
            if (field == FieldTable.End)
                return null;
            if (ReadField(ref reader, document, field, ref target.Definition) is { } problem)
                return problem;
        }
    }

    private static Problem? ReadField(ref Utf8JsonReader reader, RequestDocument document, int field, ref QueueDefinition definition)
    {
        switch (field)
        {
            case Type:
                return ReadType(ref reader, document);
            case Priorities:
                return ReadPriorities(ref reader);
            case Tags:
                Problem? refused = ReadTags(ref reader, document, out Dictionary<string, string> tags);
                definition = definition with { Tags = tags };
                return refused;
        }
        string name = Fields.Served[field];
        (int min, int max) = Range(field);
        if (JsonText.Integer(ref reader, name, min, max, out int value) is { } problem)
            return problem;
        definition = field switch
        {
            LeaseSeconds => definition with { LeaseSeconds = value },
            DelaySeconds => definition with { DelaySeconds = value },
            RetentionSeconds => definition with { RetentionSeconds = value },
            ReceiveWaitSeconds => definition with { ReceiveWaitSeconds = value },
            MaxMessageBytes => definition with { MaxMessageBytes = value },
            _ => throw new UnreachableException($"Field {field} has no case."),
        };
        return null;
    }

    private static (int Min, int Max) Range(int field) => field switch
    {
        LeaseSeconds => (0, BrokerLimits.LeaseSecondsMax),
        DelaySeconds => (0, BrokerLimits.DelaySecondsMax),
        RetentionSeconds => (BrokerLimits.RetentionSecondsMin, BrokerLimits.RetentionSecondsMax),
        ReceiveWaitSeconds => (0, BrokerLimits.ReceiveWaitSecondsMax),
        MaxMessageBytes => (BrokerLimits.MessageBytesMin, BrokerLimits.MessageBytesMax),
        _ => throw new UnreachableException($"Field {field} has no range."),
    };

    private static Problem? ReadType(ref Utf8JsonReader reader, RequestDocument document)
    {
        if (JsonText.Text(ref reader, document, "type", out string type) is { } problem)
            return problem;
        return type switch
        {
            "standard" => null,
            "fifo" => Problem.NotSupported("FIFO queues are not supported yet.", "type"),
            _ => Problem.Invalid("type", "Must be standard or fifo."),
        };
    }

    private static Problem? ReadPriorities(ref Utf8JsonReader reader)
    {
        const int PrioritiesMax = 10;
        if (JsonText.Integer(ref reader, "priorities", 1, PrioritiesMax, out int priorities) is { } problem)
            return problem;
        return priorities == 1 ? null : Problem.NotSupported("More than one priority is not supported yet.", "priorities");
    }

    private static Problem? ReadTags(ref Utf8JsonReader reader, RequestDocument document, out Dictionary<string, string> tags)
    {
        tags = new Dictionary<string, string>(StringComparer.Ordinal);
        if (reader.TokenType != JsonTokenType.StartObject)
            return Problem.Invalid("tags", "Must be an object of strings.");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            if (tags.Count == BrokerLimits.TagsMax)
                return Problem.Invalid("tags", $"A queue has at most {BrokerLimits.TagsMax} tags.");
            if (JsonText.Name(ref reader, document, out string key) is { } refused)
                return refused.Under("tags");
            reader.Read();
            if (JsonText.Text(ref reader, document, key, out string value) is { } problem)
                return problem.Under("tags");
            if (!tags.TryAdd(key, value))
                return Problem.Of(FrontCode.DuplicateField, "The tag may stand there only once.", key).Under("tags");
        }
        return null;
    }

    /// <summary>A place for the definition, which is immutable and replaced field by field.</summary>
    internal sealed class Box
    {
        public QueueDefinition Definition = new();
    }
}
