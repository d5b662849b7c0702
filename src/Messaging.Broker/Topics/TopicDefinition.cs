using System.Collections.ObjectModel;
using Messaging.Broker.Messages;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Topics;

/// <summary>What the catalog stores of a topic: immutable, compared by content. Defaults and limits: api.md's table of topic definitions.</summary>
public sealed record TopicDefinition
{
    /// <summary>All defaults.</summary>
    internal static TopicDefinition Default { get; } = new();

    /// <summary>Grows only: which partition a key goes to changes with it.</summary>
    public int Partitions { get; init; } = 1;

    /// <summary>It can't change.</summary>
    public TopicType Type { get; init; }

    /// <summary>How long a record is kept, in seconds, counted from its timestamp; null is for ever. Of a topic that is only compacted it has no effect.</summary>
    public int? RetentionSeconds { get; init; } = TopicLimits.TopicRetentionSecondsDefault;

    /// <summary>Stored bytes that each partition keeps at most, its oldest records going first; null is as many as come.</summary>
    public long? RetentionBytes { get; init; }

    /// <summary>What becomes of old records.</summary>
    public TopicCleanup Cleanup { get; init; }

    /// <summary>How long a record is safe from compaction, in seconds.</summary>
    public int MinCompactionLagSeconds { get; init; }

    /// <summary>How long a tombstone is kept once compaction has come upon it, in seconds.</summary>
    public int TombstoneSeconds { get; init; } = TopicLimits.TombstoneSecondsDefault;

    /// <summary>The largest record or record batch, as it is stored, in bytes.</summary>
    public int MaxMessageBytes { get; init; } = MessageLimits.MessageBytesDefault;

    /// <summary>Whose time a record carries.</summary>
    public TopicTimestamps Timestamps { get; init; }

    /// <summary>How a FIFO topic tells that a record was published before; a standard one has none.</summary>
    public DeduplicationDefinition? Deduplication
    {
        get => field ?? (Type == TopicType.Fifo ? DeduplicationDefinition.Default : null);
        init;
    }

    /// <summary>At most <see cref="BrokerLimits.TagsMax"/>; the broker only keeps them.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>What a front keeps with a topic for its own protocol; the broker only keeps it. At most <see cref="BrokerLimits.AnnotationsMax"/>.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Old records go by time and size.</summary>
    internal bool IsTrimmed => Cleanup is TopicCleanup.Delete or TopicCleanup.Both;

    /// <summary>Of each key the latest record stays.</summary>
    internal bool IsCompacted => Cleanup is TopicCleanup.Compact or TopicCleanup.Both;

    /// <summary>The first rule that this definition breaks, with the field's name; null when it is legal.</summary>
    public BrokerError? Validate()
    {
        if (Type is not (TopicType.Standard or TopicType.Fifo)) return new BrokerError(ErrorCode.InvalidValue, "The type is standard or fifo.", "type");
        return (Type == TopicType.Fifo ? ValidateFifo() : Deduplication is null ? null : new BrokerError(ErrorCode.InvalidValue, "Only FIFO topics deduplicate.", "deduplication"))
            ?? QueueDefinition.Range("partitions", Partitions, 1, TopicLimits.PartitionsMax)
            ?? (RetentionSeconds is { } seconds ? QueueDefinition.Range("retentionSeconds", seconds, 0, TopicLimits.TopicRetentionSecondsMax) : null)
            ?? (RetentionBytes is < 0 ? new BrokerError(ErrorCode.InvalidValue, "retentionBytes is 0 or more, or null.", "retentionBytes") : null)
            ?? (Cleanup is TopicCleanup.Delete or TopicCleanup.Compact or TopicCleanup.Both
                ? null
                : new BrokerError(ErrorCode.InvalidValue, "cleanup is delete, compact or both.", "cleanup"))
            ?? QueueDefinition.Range("minCompactionLagSeconds", MinCompactionLagSeconds, 0, TopicLimits.TopicRetentionSecondsMax)
            ?? QueueDefinition.Range("tombstoneSeconds", TombstoneSeconds, 0, TopicLimits.TopicRetentionSecondsMax)
            ?? QueueDefinition.Range("maxMessageBytes", MaxMessageBytes, MessageLimits.MessageBytesMin, MessageLimits.MessageBytesMax)
            ?? (Timestamps is TopicTimestamps.Create or TopicTimestamps.Append
                ? null
                : new BrokerError(ErrorCode.InvalidValue, "timestamps is create or append.", "timestamps"))
            ?? DefinitionTexts.ValidateTags(Tags)
            ?? DefinitionTexts.ValidateAnnotations(Annotations);
    }

    // All of its records are in one order, which no producer's batch and no compaction may break.
    private BrokerError? ValidateFifo()
    {
        if (Partitions != 1) return new BrokerError(ErrorCode.InvalidValue, "A FIFO topic has one partition.", "partitions");
        if (Cleanup != TopicCleanup.Delete) return new BrokerError(ErrorCode.InvalidValue, "A FIFO topic is not compacted.", "cleanup");
        return Deduplication?.Validate();
    }

    /// <summary>By content, tags and annotations included.</summary>
    public bool Equals(TopicDefinition? other) =>
        other is not null && Partitions == other.Partitions && Type == other.Type && RetentionSeconds == other.RetentionSeconds
        && RetentionBytes == other.RetentionBytes && Cleanup == other.Cleanup && MinCompactionLagSeconds == other.MinCompactionLagSeconds
        && Deduplication == other.Deduplication && TombstoneSeconds == other.TombstoneSeconds && MaxMessageBytes == other.MaxMessageBytes && Timestamps == other.Timestamps
        && DefinitionTexts.AreSame(Tags, other.Tags) && DefinitionTexts.AreSame(Annotations, other.Annotations);

    /// <inheritdoc/>
    public override int GetHashCode() =>
        HashCode.Combine(Partitions, Type, RetentionSeconds, RetentionBytes, Cleanup, MaxMessageBytes, Tags.Count, Annotations.Count);
}
