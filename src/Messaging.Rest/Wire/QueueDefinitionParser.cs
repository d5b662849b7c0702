using System.Diagnostics;
using System.Text.Json;
using Messaging.Broker.Messages;
using Messaging.Broker.Queues;
using Messaging.Rest.Errors;

namespace Messaging.Rest.Wire;

/// <summary>
/// A queue's definition, whole or as a merge patch (RFC 7396), where null stands for the default and takes a tag or an annotation away. By hand as everything
/// else here, and not by a serializer: so all documents of the front share one rule and one table for unknown, doubled and later fields, and answer with the
/// same codes and places. Objects within it are <see cref="QueuePartParsers"/> and <see cref="TextsParser"/>.
/// </summary>
internal static class QueueDefinitionParser
{
    private const int Type = 0, LeaseSeconds = 1, DelaySeconds = 2, RetentionSeconds = 3, ReceiveWaitSeconds = 4, MaxMessageBytes = 5, Priorities = 6, MaxMessages = 7,
        DeadLetter = 8, Deduplication = 9, Retry = 10, Tags = 11, Annotations = 12;

    private static readonly QueueDefinition Defaults = new();

    public static readonly FieldTable Fields = new(
        ["type", "leaseSeconds", "delaySeconds", "retentionSeconds", "receiveWaitSeconds", "maxMessageBytes", "priorities", "maxMessages",
            "deadLetter", "deduplication", "retry", "tags", "annotations"]);

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

    /// <summary>One field's value; <paramref name="field"/> counts as <see cref="Fields"/> does.</summary>
    public static Problem? ReadField(ref Utf8JsonReader reader, RequestDocument document, int field, Box target)
    {
        if (target.IsMerge && reader.TokenType == JsonTokenType.Null)
        {
            target.Then(DefaultOf(field));
            return null;
        }
        return field switch
        {
            Type => ReadType(ref reader, document, target),
            DeadLetter => QueuePartParsers.ReadDeadLetter(ref reader, document, target),
            Deduplication => ReadDeduplication(ref reader, document, target),
            Retry => QueuePartParsers.ReadRetry(ref reader, document, target),
            Tags => TextsParser.ReadTags(ref reader, document, target, static (definition, tags) => definition with { Tags = tags.Merge(definition.Tags) }),
            Annotations => TextsParser.ReadAnnotations(ref reader, document, target, static (definition, annotations) => definition with { Annotations = annotations.Merge(definition.Annotations) }),
            _ => ReadNumber(ref reader, field, target),
        };
    }

    private static Func<QueueDefinition, QueueDefinition> DefaultOf(int field) => field switch
    {
        Type => static definition => definition with { Type = Defaults.Type },
        DeadLetter => static definition => definition with { DeadLetter = null },
        Deduplication => static definition => definition with { Deduplication = null },
        Retry => static definition => definition with { Retry = null },
        Tags => static definition => definition with { Tags = Defaults.Tags },
        Annotations => static definition => definition with { Annotations = Defaults.Annotations },
        MaxMessages => static definition => definition with { MaxMessages = null },
        _ => Number(field, Range(field).Default),
    };

    private static Problem? ReadNumber(ref Utf8JsonReader reader, int field, Box target)
    {
        (int min, int max, _) = Range(field);
        if (JsonText.Integer(ref reader, Fields.Served[field], min, max, out int value) is { } problem)
            return problem;
        target.Then(Number(field, value));
        return null;
    }

    private static Func<QueueDefinition, QueueDefinition> Number(int field, int value) => field switch
    {
        LeaseSeconds => definition => definition with { LeaseSeconds = value },
        DelaySeconds => definition => definition with { DelaySeconds = value },
        RetentionSeconds => definition => definition with { RetentionSeconds = value },
        ReceiveWaitSeconds => definition => definition with { ReceiveWaitSeconds = value },
        MaxMessageBytes => definition => definition with { MaxMessageBytes = value },
        Priorities => definition => definition with { Priorities = value },
        MaxMessages => definition => definition with { MaxMessages = value },
        _ => throw new UnreachableException($"Field {field} has no case."),
    };

    private static (int Min, int Max, int Default) Range(int field) => field switch
    {
        LeaseSeconds => (0, QueueLimits.LeaseSecondsMax, Defaults.LeaseSeconds),
        DelaySeconds => (0, MessageLimits.DelaySecondsMax, Defaults.DelaySeconds),
        RetentionSeconds => (QueueLimits.RetentionSecondsMin, QueueLimits.RetentionSecondsMax, Defaults.RetentionSeconds),
        ReceiveWaitSeconds => (0, QueueLimits.ReceiveWaitSecondsMax, Defaults.ReceiveWaitSeconds),
        MaxMessageBytes => (MessageLimits.MessageBytesMin, MessageLimits.MessageBytesMax, Defaults.MaxMessageBytes),
        Priorities => (1, QueueLimits.PrioritiesMax, Defaults.Priorities),
        MaxMessages => (1, QueueLimits.MaxMessagesMax, 0),
        _ => throw new UnreachableException($"Field {field} has no range."),
    };

    private static Problem? ReadType(ref Utf8JsonReader reader, RequestDocument document, Box target)
    {
        if (JsonText.Word<QueueType>(ref reader, document, "type", TryParse, "Must be standard or fifo.", out QueueType value) is { } problem)
            return problem;
        target.Then(definition => definition with { Type = value });
        return null;
    }

    private static bool TryParse(string text, out QueueType type)
    {
        (bool known, type) = text switch { "standard" => (true, QueueType.Standard), "fifo" => (true, QueueType.Fifo), _ => (false, default) };
        return known;
    }

    private static Problem? ReadDeduplication(ref Utf8JsonReader reader, RequestDocument document, Box target)
    {
        if (DeduplicationParser.Read(ref reader, document, target.IsMerge, DeduplicationParser.Queue, out Func<DeduplicationDefinition?, DeduplicationDefinition> change) is { } problem)
            return problem;
        target.Then(definition => definition with { Deduplication = change(definition.Deduplication) });
        return null;
    }

    /// <summary>A place for what was read.</summary>
    internal sealed class Box() : DefinitionBox<QueueDefinition>(Defaults)
    {
        public QueuePatch Patch => new(Change);
    }
}
