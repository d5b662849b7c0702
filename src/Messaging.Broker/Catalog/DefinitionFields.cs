using System.Text;
using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Catalog;

/// <summary>A definition's bytes in the catalog: what has its default is left out, so that a new field changes no old bytes.</summary>
/// <remarks>
/// Each field as its number and its value, varints and texts as in <see cref="CatalogEntryKind"/>, in any order, up to a 0:
/// <code>
/// 1 type | 2 lease s | 3 delay s | 4 retention s | 5 receive wait s | 6 max message bytes
/// 7 tags: count, (key, value)...
/// 8 dead letter: queue name, max receives
/// 9 deduplication: content based 0 or 1, scope, window s
/// 10 retry: min s, max s, factor, jitter; the last two as the bits of a double
/// 11 priorities | 12 max messages
/// 13 annotations: count, (key, value)...
/// </code>
/// An unknown number is a definition of a later version, which must not be served by half.
/// </remarks>
internal static class DefinitionFields
{
    private const int End = 0, Type = 1, Lease = 2, Delay = 3, Retention = 4, ReceiveWait = 5, MaxMessageBytes = 6, Tags = 7, DeadLetter = 8,
        Deduplication = 9, Retry = 10, Priorities = 11, MaxMessages = 12, Annotations = 13;

    private static readonly QueueDefinition Defaults = new();

    public static void Write(ref BufferEntryWriter writer, QueueDefinition definition)
    {
        Number(ref writer, Type, (int)definition.Type, (int)Defaults.Type);
        Number(ref writer, Lease, definition.LeaseSeconds, Defaults.LeaseSeconds);
        Number(ref writer, Delay, definition.DelaySeconds, Defaults.DelaySeconds);
        Number(ref writer, Retention, definition.RetentionSeconds, Defaults.RetentionSeconds);
        Number(ref writer, ReceiveWait, definition.ReceiveWaitSeconds, Defaults.ReceiveWaitSeconds);
        Number(ref writer, MaxMessageBytes, definition.MaxMessageBytes, Defaults.MaxMessageBytes);
        Number(ref writer, Priorities, definition.Priorities, Defaults.Priorities);
        Number(ref writer, MaxMessages, definition.MaxMessages ?? 0, 0);
        if (definition.Tags.Count > 0) Write(ref writer, Tags, definition.Tags);
        if (definition.Annotations.Count > 0) Write(ref writer, Annotations, definition.Annotations);
        if (definition.DeadLetter is { } deadLetter) Write(ref writer, deadLetter);
        if (definition.Deduplication is { } deduplication) Write(ref writer, Deduplication, deduplication);
        if (definition.Retry is { } retry)
        {
            writer.Unsigned(Retry);
            writer.Retry(retry);
        }

        writer.Unsigned(End);
    }

    public static QueueDefinition Read(ref EntryReader reader)
    {
        QueueDefinition definition = Defaults;
        while (true)
        {
            int field = reader.Int32();
            if (field == End) return definition;
            definition = field switch
            {
                Type => definition with { Type = (QueueType)reader.Int32() },
                Lease => definition with { LeaseSeconds = reader.Int32() },
                Delay => definition with { DelaySeconds = reader.Int32() },
                Retention => definition with { RetentionSeconds = reader.Int32() },
                ReceiveWait => definition with { ReceiveWaitSeconds = reader.Int32() },
                MaxMessageBytes => definition with { MaxMessageBytes = reader.Int32() },
                Priorities => definition with { Priorities = reader.Int32() },
                MaxMessages => definition with { MaxMessages = reader.Int32() },
                Tags => definition with { Tags = ReadTexts(ref reader) },
                Annotations => definition with { Annotations = ReadTexts(ref reader) },
                DeadLetter => definition with { DeadLetter = ReadDeadLetter(ref reader) },
                Deduplication => definition with { Deduplication = ReadDeduplication(ref reader) },
                Retry => definition with { Retry = reader.Retry() },
                _ => throw EntryReader.Malformed(),
            };
        }
    }

    public static IReadOnlyDictionary<string, string> ReadTexts(ref EntryReader reader)
    {
        int count = reader.Int32();
        if (count == 0) return Defaults.Tags;
        var texts = new Dictionary<string, string>(count, StringComparer.Ordinal);
        for (; count > 0; count--) texts.Add(Text(ref reader), Text(ref reader));
        return texts;
    }

    public static void Text(ref BufferEntryWriter writer, string text) => writer.Bytes(Encoding.UTF8.GetBytes(text));

    public static string Text(ref EntryReader reader) => Encoding.UTF8.GetString(reader.Bytes());

    private static void Number(ref BufferEntryWriter writer, int field, int value, int fallback)
    {
        if (value == fallback) return;
        writer.Unsigned(field);
        writer.Unsigned(value);
    }

    public static void Write(ref BufferEntryWriter writer, int field, IReadOnlyDictionary<string, string> texts)
    {
        writer.Unsigned(field);
        writer.Unsigned(texts.Count);
        foreach ((string key, string value) in texts)
        {
            Text(ref writer, key);
            Text(ref writer, value);
        }
    }

    private static void Write(ref BufferEntryWriter writer, DeadLetterDefinition deadLetter)
    {
        writer.Unsigned(DeadLetter);
        Text(ref writer, deadLetter.Queue.Value);
        writer.Unsigned(deadLetter.MaxReceives);
    }

    /// <summary>A deduplication, as this field.</summary>
    public static void Write(ref BufferEntryWriter writer, int field, DeduplicationDefinition deduplication)
    {
        writer.Unsigned(field);
        writer.Unsigned(deduplication.ContentBased ? 1 : 0);
        writer.Unsigned((int)deduplication.Scope);
        writer.Unsigned(deduplication.WindowSeconds);
    }

    private static DeadLetterDefinition ReadDeadLetter(ref EntryReader reader) => QueueName.TryParse(Text(ref reader), out QueueName name)
        ? new DeadLetterDefinition { Queue = name, MaxReceives = reader.Int32() }
        : throw EntryReader.Malformed();

    public static DeduplicationDefinition ReadDeduplication(ref EntryReader reader) => new()
    {
        ContentBased = reader.Int32() != 0, Scope = (DeduplicationScope)reader.Int32(), WindowSeconds = reader.Int32(),
    };
}
