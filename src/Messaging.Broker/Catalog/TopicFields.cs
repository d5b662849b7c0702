using Messaging.Broker.Queues;
using Messaging.Broker.Topics;

namespace Messaging.Broker.Catalog;

/// <summary>A topic definition's bytes in the catalog: what has its default is left out, so that a new field changes no old bytes.</summary>
/// <remarks>
/// Each field as its number and its value, varints and texts as in <see cref="CatalogEntryKind"/>, in any order, up to a 0:
/// <code>
/// 1 partitions | 2 type | 3 retention s + 1, 0 for ever | 4 retention bytes + 1 | 5 cleanup | 6 min compaction lag s | 7 tombstone s
/// 8 max message bytes | 9 timestamps
/// 10 tags: count, (key, value)... | 11 annotations: count, (key, value)... | 12 deduplication: content based 0 or 1, scope, window s
/// </code>
/// An unknown number is a definition of a later version, which must not be served by half.
/// </remarks>
internal static class TopicFields
{
    private const int End = 0, Partitions = 1, Type = 2, Retention = 3, RetentionBytes = 4, Cleanup = 5, CompactionLag = 6, Tombstone = 7, MaxMessageBytes = 8,
        Timestamps = 9, Tags = 10, Annotations = 11, Deduplication = 12;

    private static readonly TopicDefinition Defaults = TopicDefinition.Default;

    public static void Write(ref BufferEntryWriter writer, TopicDefinition definition)
    {
        Number(ref writer, Partitions, definition.Partitions, Defaults.Partitions);
        Number(ref writer, Type, (int)definition.Type, (int)Defaults.Type);
        Number(ref writer, Retention, (definition.RetentionSeconds ?? -1) + 1L, Defaults.RetentionSeconds!.Value + 1L);
        Number(ref writer, RetentionBytes, (definition.RetentionBytes ?? -1) + 1, 0);
        Number(ref writer, Cleanup, (int)definition.Cleanup, (int)Defaults.Cleanup);
        Number(ref writer, CompactionLag, definition.MinCompactionLagSeconds, Defaults.MinCompactionLagSeconds);
        Number(ref writer, Tombstone, definition.TombstoneSeconds, Defaults.TombstoneSeconds);
        Number(ref writer, MaxMessageBytes, definition.MaxMessageBytes, Defaults.MaxMessageBytes);
        Number(ref writer, Timestamps, (int)definition.Timestamps, (int)Defaults.Timestamps);
        if (definition.Tags.Count > 0) DefinitionFields.Write(ref writer, Tags, definition.Tags);
        if (definition.Annotations.Count > 0) DefinitionFields.Write(ref writer, Annotations, definition.Annotations);
        if (definition.Deduplication is { } deduplication) DefinitionFields.Write(ref writer, Deduplication, deduplication);
        writer.Unsigned(End);
    }

    public static TopicDefinition Read(ref EntryReader reader)
    {
        TopicDefinition definition = Defaults;
        while (true)
        {
            int field = reader.Int32();
            if (field == End) return definition;
            definition = field switch
            {
                Partitions => definition with { Partitions = reader.Int32() },
                Type => definition with { Type = (TopicType)reader.Int32() },
                Retention => definition with { RetentionSeconds = (int?)OrNull(reader.Unsigned()) },
                RetentionBytes => definition with { RetentionBytes = OrNull(reader.Unsigned()) },
                Cleanup => definition with { Cleanup = (TopicCleanup)reader.Int32() },
                CompactionLag => definition with { MinCompactionLagSeconds = reader.Int32() },
                Tombstone => definition with { TombstoneSeconds = reader.Int32() },
                MaxMessageBytes => definition with { MaxMessageBytes = reader.Int32() },
                Timestamps => definition with { Timestamps = (TopicTimestamps)reader.Int32() },
                Tags => definition with { Tags = DefinitionFields.ReadTexts(ref reader) },
                Annotations => definition with { Annotations = DefinitionFields.ReadTexts(ref reader) },
                Deduplication => definition with { Deduplication = DefinitionFields.ReadDeduplication(ref reader) },
                _ => throw EntryReader.Malformed(),
            };
        }
    }

    private static long? OrNull(long stored) => stored == 0 ? null : stored - 1;

    private static void Number(ref BufferEntryWriter writer, int field, long value, long fallback)
    {
        if (value == fallback) return;
        writer.Unsigned(field);
        writer.Unsigned(value);
    }
}
