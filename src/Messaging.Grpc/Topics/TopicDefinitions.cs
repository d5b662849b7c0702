using System.Diagnostics;
using Google.Protobuf.WellKnownTypes;
using Messaging.Broker.Topics;
using Messaging.Grpc.Calls;
using Messaging.Grpc.Errors;

namespace Messaging.Grpc.Topics;

/// <summary>A topic's definition: whole, as a patch, and back. What a value may be is the broker's to say.</summary>
internal static class TopicDefinitions
{
    private static readonly TopicDefinition Defaults = new();

    public static TopicDefinition Read(V1.TopicDefinition? wire) => wire is null ? Defaults : new TopicDefinition
    {
        Partitions = wire.HasPartitions ? wire.Partitions : Defaults.Partitions,
        Type = ReadType(wire.Type),
        RetentionSeconds = ReadRetention(wire),
        RetentionBytes = wire.HasRetentionBytes ? wire.RetentionBytes : null,
        Cleanup = ReadCleanup(wire.Cleanup),
        MinCompactionLagSeconds = wire.MinCompactionLagSeconds,
        TombstoneSeconds = wire.HasTombstoneSeconds ? wire.TombstoneSeconds : Defaults.TombstoneSeconds,
        MaxMessageBytes = wire.HasMaxMessageBytes ? wire.MaxMessageBytes : Defaults.MaxMessageBytes,
        Timestamps = ReadTimestamps(wire.Timestamps),
        Deduplication = Deduplications.Read(wire.Deduplication),
        Tags = FieldPaths.Merge(Defaults.Tags, wire.Tags, null),
        Annotations = FieldPaths.Merge(Defaults.Annotations, wire.Annotations, null),
    };

    public static TopicPatch Patch(V1.TopicDefinition? wire, FieldMask? mask)
    {
        wire ??= new V1.TopicDefinition();
        TopicDefinition read = Read(wire);
        List<string> paths = FieldPaths.Of(wire, mask);
        return definition => paths.Aggregate(definition, (now, path) => Change(now, read, wire, path));
    }

    public static V1.Topic Of(TopicDescription topic) => new()
    {
        Name = topic.Key.Name.Value,
        Id = topic.Id.ToString(),
        Definition = Of(topic.Definition),
        Version = topic.Version,
        CreatedAt = Times.Of(topic.CreatedAt),
        ModifiedAt = Times.Of(topic.ModifiedAt),
    };

    public static V1.TopicDefinition Of(TopicDefinition definition)
    {
        var wire = new V1.TopicDefinition
        {
            Partitions = definition.Partitions,
            Type = definition.Type switch { TopicType.Standard => V1.TopicType.Standard, TopicType.Fifo => V1.TopicType.Fifo },
            Cleanup = Of(definition.Cleanup),
            MinCompactionLagSeconds = definition.MinCompactionLagSeconds,
            TombstoneSeconds = definition.TombstoneSeconds,
            MaxMessageBytes = definition.MaxMessageBytes,
            Timestamps = definition.Timestamps switch { TopicTimestamps.Create => V1.TopicTimestamps.Create, TopicTimestamps.Append => V1.TopicTimestamps.Append },
            Deduplication = Deduplications.Of(definition.Deduplication),
            Tags = { definition.Tags.ToDictionary() },
            Annotations = { definition.Annotations.ToDictionary() },
        };
        if (definition.RetentionSeconds is { } seconds)
            wire.RetentionSeconds = seconds;
        else
            wire.RetentionUnlimited = true;
        if (definition.RetentionBytes is { } bytes)
            wire.RetentionBytes = bytes;
        return wire;
    }

    // Of what was read the field that the path names, defaults included.
    private static TopicDefinition Change(TopicDefinition now, TopicDefinition read, V1.TopicDefinition wire, string path)
    {
        (string field, string? rest) = FieldPaths.Split(path);
        return field switch
        {
            "partitions" => now with { Partitions = read.Partitions },
            "type" => now with { Type = read.Type },
            "retention_seconds" or "retention_unlimited" => now with { RetentionSeconds = read.RetentionSeconds },
            "retention_bytes" => now with { RetentionBytes = read.RetentionBytes },
            "cleanup" => now with { Cleanup = read.Cleanup },
            "min_compaction_lag_seconds" => now with { MinCompactionLagSeconds = read.MinCompactionLagSeconds },
            "tombstone_seconds" => now with { TombstoneSeconds = read.TombstoneSeconds },
            "max_message_bytes" => now with { MaxMessageBytes = read.MaxMessageBytes },
            "timestamps" => now with { Timestamps = read.Timestamps },
            "deduplication" => now with
            {
                Deduplication = rest is null ? Deduplications.Read(wire.Deduplication) : Deduplications.Change(now.Deduplication, wire.Deduplication, rest),
            },
            "tags" => now with { Tags = FieldPaths.Merge(now.Tags, wire.Tags, rest) },
            "annotations" => now with { Annotations = FieldPaths.Merge(now.Annotations, wire.Annotations, rest) },
            _ => throw new UnreachableException($"The field {field} has no case."),
        };
    }

    // Null is for ever.
    private static int? ReadRetention(V1.TopicDefinition wire) => wire.RetentionCase switch
    {
        V1.TopicDefinition.RetentionOneofCase.RetentionSeconds => wire.RetentionSeconds,
        V1.TopicDefinition.RetentionOneofCase.RetentionUnlimited when wire.RetentionUnlimited => null,
        V1.TopicDefinition.RetentionOneofCase.RetentionUnlimited => throw Refusal.Invalid("definition.retentionUnlimited", "Is true, or left out: how long records are kept is said by retentionSeconds."),
        V1.TopicDefinition.RetentionOneofCase.None => Defaults.RetentionSeconds,
    };

    // Numbers beyond those of the contract that this server knows are refused.
    private static TopicType ReadType(V1.TopicType type) => type switch
    {
        V1.TopicType.Unspecified or V1.TopicType.Standard => TopicType.Standard,
        V1.TopicType.Fifo => TopicType.Fifo,
        _ => throw Refusal.Invalid("definition.type", "The type is standard or fifo."),
    };

    private static TopicCleanup ReadCleanup(V1.TopicCleanup cleanup) => cleanup switch
    {
        V1.TopicCleanup.Unspecified or V1.TopicCleanup.Delete => TopicCleanup.Delete,
        V1.TopicCleanup.Compact => TopicCleanup.Compact,
        V1.TopicCleanup.Both => TopicCleanup.Both,
        _ => throw Refusal.Invalid("definition.cleanup", "The cleanup is delete, compact or both."),
    };

    private static TopicTimestamps ReadTimestamps(V1.TopicTimestamps timestamps) => timestamps switch
    {
        V1.TopicTimestamps.Unspecified or V1.TopicTimestamps.Create => TopicTimestamps.Create,
        V1.TopicTimestamps.Append => TopicTimestamps.Append,
        _ => throw Refusal.Invalid("definition.timestamps", "The timestamps are create or append."),
    };

    private static V1.TopicCleanup Of(TopicCleanup cleanup) => cleanup switch
    {
        TopicCleanup.Delete => V1.TopicCleanup.Delete,
        TopicCleanup.Compact => V1.TopicCleanup.Compact,
        TopicCleanup.Both => V1.TopicCleanup.Both,
    };
}
