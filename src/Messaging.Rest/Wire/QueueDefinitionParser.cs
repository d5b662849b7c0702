using System.Diagnostics;
using System.Text.Json;
using Messaging.Broker;
using Messaging.Broker.Queues;
using Messaging.Rest.Errors;

namespace Messaging.Rest.Wire;

/// <summary>
/// A queue's definition, whole or as a merge patch (RFC 7396), where null stands for the default and takes a tag away. By hand as everything
/// else here, and not by a serializer: so all documents of the front share one rule and one table for unknown, doubled and later fields, and answer with the
/// same codes and places.
/// </summary>
internal static class QueueDefinitionParser
{
    private const int Type = 0, LeaseSeconds = 1, DelaySeconds = 2, RetentionSeconds = 3, ReceiveWaitSeconds = 4, MaxMessageBytes = 5, Priorities = 6, Tags = 7;

    private static readonly QueueDefinition Defaults = new();

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
            if (ReadField(ref reader, document, field, target) is { } problem)
                return problem;
        }
    }

    private static Problem? ReadField(ref Utf8JsonReader reader, RequestDocument document, int field, Box target)
    {
        bool isNull = target.IsMerge && reader.TokenType == JsonTokenType.Null;
        return field switch
        {
            Type => ReadType(ref reader, document, isNull, target),
            Priorities => isNull ? null : ReadPriorities(ref reader),
            Tags => isNull ? ClearTags(target) : ReadTags(ref reader, document, target),
            _ => ReadNumber(ref reader, field, isNull, target),
        };
    }

    private static Problem? ReadNumber(ref Utf8JsonReader reader, int field, bool isNull, Box target)
    {
        (int min, int max, int value) = Range(field);
        if (!isNull && JsonText.Integer(ref reader, Fields.Served[field], min, max, out value) is { } problem)
            return problem;
        target.Patch = field switch
        {
            LeaseSeconds => target.Patch with { LeaseSeconds = value },
            DelaySeconds => target.Patch with { DelaySeconds = value },
            RetentionSeconds => target.Patch with { RetentionSeconds = value },
            ReceiveWaitSeconds => target.Patch with { ReceiveWaitSeconds = value },
            MaxMessageBytes => target.Patch with { MaxMessageBytes = value },
            _ => throw new UnreachableException($"Field {field} has no case."),
        };
        return null;
    }

    private static (int Min, int Max, int Default) Range(int field) => field switch
    {
        LeaseSeconds => (0, BrokerLimits.LeaseSecondsMax, Defaults.LeaseSeconds),
        DelaySeconds => (0, BrokerLimits.DelaySecondsMax, Defaults.DelaySeconds),
        RetentionSeconds => (BrokerLimits.RetentionSecondsMin, BrokerLimits.RetentionSecondsMax, Defaults.RetentionSeconds),
        ReceiveWaitSeconds => (0, BrokerLimits.ReceiveWaitSecondsMax, Defaults.ReceiveWaitSeconds),
        MaxMessageBytes => (BrokerLimits.MessageBytesMin, BrokerLimits.MessageBytesMax, Defaults.MaxMessageBytes),
        _ => throw new UnreachableException($"Field {field} has no range."),
    };

    private static Problem? ClearTags(Box target)
    {
        target.Patch = target.Patch with { ClearsTags = true };
        return null;
    }

    private static Problem? ReadType(ref Utf8JsonReader reader, RequestDocument document, bool isNull, Box target)
    {
        target.Patch = target.Patch with { Type = Defaults.Type };
        if (isNull)
            return null;
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

    private static Problem? ReadTags(ref Utf8JsonReader reader, RequestDocument document, Box target)
    {
        var tags = new Dictionary<string, string?>(StringComparer.Ordinal);
        target.Patch = target.Patch with { Tags = tags };
        // A patch may take all away that are there, and set as many.
        int max = target.IsMerge ? 2 * BrokerLimits.TagsMax : BrokerLimits.TagsMax;
        if (reader.TokenType != JsonTokenType.StartObject)
            return Problem.Invalid("tags", "Must be an object of strings.");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            if (tags.Count == max)
                return Problem.Invalid("tags", target.IsMerge ? $"A patch names at most {max} tags." : $"A queue has at most {max} tags.");
            if (JsonText.Name(ref reader, document, out string key) is { } refused)
                return refused.Under("tags");
            reader.Read();
            string? value = null;
            if (!(target.IsMerge && reader.TokenType == JsonTokenType.Null) && JsonText.Text(ref reader, document, key, out value) is { } problem)
                return problem.Under("tags");
            if (!tags.TryAdd(key, value))
                return Problem.Of(FrontCode.DuplicateField, "The tag may stand there only once.", key).Under("tags");
        }
        return null;
    }

    /// <summary>A place for what was read, which is immutable and replaced field by field.</summary>
    internal sealed class Box
    {
        /// <summary>Null is a value: the default.</summary>
        public bool IsMerge { get; init; }

        public QueuePatch Patch { get; set; } = new();

        /// <summary>With the defaults for all that was left out.</summary>
        public QueueDefinition Definition => Patch.Apply(Defaults);
    }
}
