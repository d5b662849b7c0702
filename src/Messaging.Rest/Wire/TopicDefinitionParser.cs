using System.Diagnostics;
using System.Text.Json;
using Messaging.Broker.Messages;
using Messaging.Broker.Queues;
using Messaging.Broker.Topics;
using Messaging.Rest.Errors;

namespace Messaging.Rest.Wire;

/// <summary>
/// A topic's definition, whole or as a merge patch (RFC 7396), where null stands for the default and takes a tag or an annotation away. Of retentionSeconds and
/// retentionBytes null is a value, whole or as a patch: for ever, and as many as come.
/// </summary>
internal static class TopicDefinitionParser
{
    private const int Partitions = 0, Type = 1, RetentionSeconds = 2, RetentionBytes = 3, Cleanup = 4, MinCompactionLagSeconds = 5, TombstoneSeconds = 6,
        MaxMessageBytes = 7, RecordTimestamps = 8, Tags = 9, Annotations = 10, Deduplication = 11;

    private static readonly TopicDefinition Defaults = new();

    public static readonly FieldTable Fields = new(
        ["partitions", "type", "retentionSeconds", "retentionBytes", "cleanup", "minCompactionLagSeconds", "tombstoneSeconds", "maxMessageBytes", "timestamps",
            "tags", "annotations", "deduplication"]);

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
        if (reader.TokenType == JsonTokenType.Null && (target.IsMerge || field is RetentionSeconds or RetentionBytes))
        {
            target.Then(OfNull(field));
            return null;
        }
        return field switch
        {
            Type => ReadWord<TopicType>(ref reader, document, field, target, TopicWords.TryParse, "Must be standard or fifo.", static (definition, value) => definition with { Type = value }),
            RetentionBytes => ReadRetentionBytes(ref reader, target),
            Cleanup => ReadWord<TopicCleanup>(ref reader, document, field, target, TopicWords.TryParse, "Must be delete, compact or both.", static (definition, value) => definition with { Cleanup = value }),
            RecordTimestamps => ReadWord<TopicTimestamps>(ref reader, document, field, target, TopicWords.TryParse, "Must be create or append.", static (definition, value) => definition with { Timestamps = value }),
            Tags => TextsParser.ReadTags(ref reader, document, target, static (definition, tags) => definition with { Tags = tags.Merge(definition.Tags) }),
            Annotations => TextsParser.ReadAnnotations(ref reader, document, target, static (definition, annotations) => definition with { Annotations = annotations.Merge(definition.Annotations) }),
            Deduplication => ReadDeduplication(ref reader, document, target),
            _ => ReadNumber(ref reader, field, target),
        };
    }

    private static Func<TopicDefinition, TopicDefinition> OfNull(int field) => field switch
    {
        RetentionSeconds => static definition => definition with { RetentionSeconds = null },
        RetentionBytes => static definition => definition with { RetentionBytes = null },
        Type => static definition => definition with { Type = Defaults.Type },
        Cleanup => static definition => definition with { Cleanup = Defaults.Cleanup },
        RecordTimestamps => static definition => definition with { Timestamps = Defaults.Timestamps },
        Tags => static definition => definition with { Tags = Defaults.Tags },
        Annotations => static definition => definition with { Annotations = Defaults.Annotations },
        Deduplication => static definition => definition with { Deduplication = null },
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

    private static Func<TopicDefinition, TopicDefinition> Number(int field, int value) => field switch
    {
        Partitions => definition => definition with { Partitions = value },
        RetentionSeconds => definition => definition with { RetentionSeconds = value },
        MinCompactionLagSeconds => definition => definition with { MinCompactionLagSeconds = value },
        TombstoneSeconds => definition => definition with { TombstoneSeconds = value },
        MaxMessageBytes => definition => definition with { MaxMessageBytes = value },
        _ => throw new UnreachableException($"Field {field} has no case."),
    };

    private static (int Min, int Max, int Default) Range(int field) => field switch
    {
        Partitions => (1, TopicLimits.PartitionsMax, Defaults.Partitions),
        RetentionSeconds => (0, TopicLimits.TopicRetentionSecondsMax, TopicLimits.TopicRetentionSecondsDefault),
        MinCompactionLagSeconds => (0, TopicLimits.TopicRetentionSecondsMax, Defaults.MinCompactionLagSeconds),
        TombstoneSeconds => (0, TopicLimits.TopicRetentionSecondsMax, Defaults.TombstoneSeconds),
        MaxMessageBytes => (MessageLimits.MessageBytesMin, MessageLimits.MessageBytesMax, Defaults.MaxMessageBytes),
        _ => throw new UnreachableException($"Field {field} has no range."),
    };

    private static Problem? ReadRetentionBytes(ref Utf8JsonReader reader, Box target)
    {
        if (JsonText.Integer(ref reader, "retentionBytes", 0, RestLimits.WholeNumberMax, out long value) is { } problem)
            return problem;
        target.Then(definition => definition with { RetentionBytes = value });
        return null;
    }

    private static Problem? ReadWord<T>(
        ref Utf8JsonReader reader, RequestDocument document, int field, Box target, WordParser<T> parse, string rule, Func<TopicDefinition, T, TopicDefinition> change)
        where T : struct, Enum
    {
        if (JsonText.Word(ref reader, document, Fields.Served[field], parse, rule, out T value) is { } problem)
            return problem;
        target.Then(definition => change(definition, value));
        return null;
    }

    private static Problem? ReadDeduplication(ref Utf8JsonReader reader, RequestDocument document, Box target)
    {
        if (DeduplicationParser.Read(ref reader, document, target.IsMerge, DeduplicationParser.Topic, out Func<DeduplicationDefinition?, DeduplicationDefinition> change) is { } problem)
            return problem;
        target.Then(definition => definition with { Deduplication = change(definition.Deduplication) });
        return null;
    }

    /// <summary>A place for what was read.</summary>
    internal sealed class Box() : DefinitionBox<TopicDefinition>(Defaults)
    {
        public TopicPatch Patch => new(Change);
    }
}
