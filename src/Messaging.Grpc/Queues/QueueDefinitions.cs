using System.Diagnostics;
using Google.Protobuf.WellKnownTypes;
using Messaging.Broker.Queues;
using Messaging.Grpc.Calls;
using Messaging.Grpc.Errors;

namespace Messaging.Grpc.Queues;

/// <summary>A queue's definition: whole, as a patch, and back. What a value may be is the broker's to say.</summary>
internal static class QueueDefinitions
{
    private static readonly QueueDefinition Defaults = new();

    public static QueueDefinition Read(V1.QueueDefinition? wire) => wire is null ? Defaults : new QueueDefinition
    {
        Type = ReadType(wire.Type),
        LeaseSeconds = wire.HasLeaseSeconds ? wire.LeaseSeconds : Defaults.LeaseSeconds,
        DelaySeconds = wire.DelaySeconds,
        RetentionSeconds = wire.HasRetentionSeconds ? wire.RetentionSeconds : Defaults.RetentionSeconds,
        ReceiveWaitSeconds = wire.ReceiveWaitSeconds,
        MaxMessageBytes = wire.HasMaxMessageBytes ? wire.MaxMessageBytes : Defaults.MaxMessageBytes,
        Priorities = wire.HasPriorities ? wire.Priorities : Defaults.Priorities,
        MaxMessages = wire.HasMaxMessages ? wire.MaxMessages : null,
        DeadLetter = ReadDeadLetter(wire.DeadLetter),
        Deduplication = Deduplications.Read(wire.Deduplication),
        Retry = ReadRetry(wire.Retry),
        Tags = FieldPaths.Merge(Defaults.Tags, wire.Tags, null),
        Annotations = FieldPaths.Merge(Defaults.Annotations, wire.Annotations, null),
    };

    public static QueuePatch Patch(V1.QueueDefinition? wire, FieldMask? mask)
    {
        wire ??= new V1.QueueDefinition();
        QueueDefinition read = Read(wire);
        List<string> paths = FieldPaths.Of(wire, mask);
        return definition => paths.Aggregate(definition, (now, path) => Change(now, read, wire, path));
    }

    public static V1.Queue Of(QueueDescription queue) => new()
    {
        Name = queue.Key.Name.Value,
        Definition = Of(queue.Definition),
        Version = queue.Version,
        CreatedAt = Times.Of(queue.CreatedAt),
        ModifiedAt = Times.Of(queue.ModifiedAt),
        Counts = new V1.QueueCounts { Ready = queue.Counts.Ready, Leased = queue.Counts.Leased, Delayed = queue.Counts.Delayed },
    };

    public static V1.QueueDefinition Of(QueueDefinition definition)
    {
        var wire = new V1.QueueDefinition
        {
            Type = definition.Type switch { QueueType.Standard => V1.QueueType.Standard, QueueType.Fifo => V1.QueueType.Fifo },
            LeaseSeconds = definition.LeaseSeconds,
            DelaySeconds = definition.DelaySeconds,
            RetentionSeconds = definition.RetentionSeconds,
            ReceiveWaitSeconds = definition.ReceiveWaitSeconds,
            MaxMessageBytes = definition.MaxMessageBytes,
            Priorities = definition.Priorities,
            DeadLetter = definition.DeadLetter is { } dead ? new V1.DeadLetter { Queue = dead.Queue.Value, MaxReceives = dead.MaxReceives } : null,
            Deduplication = Deduplications.Of(definition.Deduplication),
            Retry = definition.Retry is { } retry
                ? new V1.Retry { MinSeconds = retry.MinSeconds, MaxSeconds = retry.MaxSeconds, Factor = retry.Factor, Jitter = retry.Jitter }
                : null,
            Tags = { definition.Tags.ToDictionary() },
            Annotations = { definition.Annotations.ToDictionary() },
        };
        if (definition.MaxMessages is { } most)
            wire.MaxMessages = most;
        return wire;
    }

    // Of what was read the field that the path names, defaults included.
    private static QueueDefinition Change(QueueDefinition now, QueueDefinition read, V1.QueueDefinition wire, string path)
    {
        (string field, string? rest) = FieldPaths.Split(path);
        return field switch
        {
            "type" => now with { Type = read.Type },
            "lease_seconds" => now with { LeaseSeconds = read.LeaseSeconds },
            "delay_seconds" => now with { DelaySeconds = read.DelaySeconds },
            "retention_seconds" => now with { RetentionSeconds = read.RetentionSeconds },
            "receive_wait_seconds" => now with { ReceiveWaitSeconds = read.ReceiveWaitSeconds },
            "max_message_bytes" => now with { MaxMessageBytes = read.MaxMessageBytes },
            "priorities" => now with { Priorities = read.Priorities },
            "max_messages" => now with { MaxMessages = read.MaxMessages },
            "dead_letter" => now with { DeadLetter = read.DeadLetter },
            "deduplication" => now with { Deduplication = rest is null ? read.Deduplication : Deduplications.Change(now.Deduplication, wire.Deduplication, rest) },
            "retry" => now with { Retry = rest is null ? read.Retry : Change(now.Retry ?? RetryDefinition.Default, read.Retry ?? RetryDefinition.Default, rest) },
            "tags" => now with { Tags = FieldPaths.Merge(now.Tags, wire.Tags, rest) },
            "annotations" => now with { Annotations = FieldPaths.Merge(now.Annotations, wire.Annotations, rest) },
            _ => throw new UnreachableException($"The field {field} has no case."),
        };
    }

    private static RetryDefinition Change(RetryDefinition now, RetryDefinition read, string field) => field switch
    {
        "min_seconds" => now with { MinSeconds = read.MinSeconds },
        "max_seconds" => now with { MaxSeconds = read.MaxSeconds },
        "factor" => now with { Factor = read.Factor },
        "jitter" => now with { Jitter = read.Jitter },
        _ => throw new UnreachableException($"The field {field} has no case."),
    };

    private static DeadLetterDefinition? ReadDeadLetter(V1.DeadLetter? wire) =>
        wire is null ? null : new DeadLetterDefinition { Queue = Names.Queue(wire.Queue, "definition.deadLetter.queue"), MaxReceives = wire.MaxReceives };

    private static RetryDefinition? ReadRetry(V1.Retry? wire) => wire is null ? null : new RetryDefinition
    {
        MinSeconds = wire.HasMinSeconds ? wire.MinSeconds : RetryDefinition.Default.MinSeconds,
        MaxSeconds = wire.HasMaxSeconds ? wire.MaxSeconds : RetryDefinition.Default.MaxSeconds,
        Factor = wire.HasFactor ? wire.Factor : RetryDefinition.Default.Factor,
        Jitter = wire.Jitter,
    };

    private static QueueType ReadType(V1.QueueType type) => type switch
    {
        V1.QueueType.Unspecified or V1.QueueType.Standard => QueueType.Standard,
        V1.QueueType.Fifo => QueueType.Fifo,
        // A number that no version of the contract that this server knows has.
        _ => throw Refusal.Invalid("definition.type", "The type is standard or fifo."),
    };
}
