using System.Collections.ObjectModel;
using Messaging.Broker.Messages;

namespace Messaging.Broker.Queues;

/// <summary>What the catalog stores of a queue: immutable, compared by content. Defaults and limits: api.md's table of queue definitions.</summary>
public sealed record QueueDefinition
{
    /// <summary>All defaults.</summary>
    internal static QueueDefinition Default { get; } = new();

    /// <summary>It can't change.</summary>
    public QueueType Type { get; init; }

    /// <summary>How long a received message stays with its receiver, in seconds; 0 gives it back at once.</summary>
    public int LeaseSeconds { get; init; } = QueueLimits.LeaseSecondsDefault;

    /// <summary>How long a sent message waits before it can be received, unless the message says otherwise.</summary>
    public int DelaySeconds { get; init; }

    /// <summary>How long a message is kept, in seconds, counted from the time that it became due.</summary>
    public int RetentionSeconds { get; init; } = QueueLimits.RetentionSecondsDefault;

    /// <summary>How long a receive waits for a message, unless the request says otherwise.</summary>
    public int ReceiveWaitSeconds { get; init; }

    /// <summary>The largest message, attributes included, in bytes.</summary>
    public int MaxMessageBytes { get; init; } = MessageLimits.MessageBytesDefault;

    /// <summary>Where messages go that were delivered too often; null, or while there is no such queue: they are delivered again and again.</summary>
    public DeadLetterDefinition? DeadLetter { get; init; }

    /// <summary>Whether a message that was sent before is stored again; null: it is. A FIFO queue always has it.</summary>
    public DeduplicationDefinition? Deduplication
    {
        get => field ?? (Type == QueueType.Fifo ? DeduplicationDefinition.Default : null);
        init;
    }

    /// <summary>How long a message waits before it is delivered again; null: not at all.</summary>
    public RetryDefinition? Retry { get; init; }

    /// <summary>Priorities of messages, from 0 to one less than this; standard queues only.</summary>
    public int Priorities { get; init; } = 1;

    /// <summary>Messages that the queue holds, in whatever state, before sends are refused; null: as many as the disk does.</summary>
    public int? MaxMessages { get; init; }

    /// <summary>At most <see cref="BrokerLimits.TagsMax"/>; the broker only keeps them.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>What a front keeps with a queue for its own protocol; the broker only keeps it. At most <see cref="BrokerLimits.AnnotationsMax"/>.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>What it asks of a message.</summary>
    internal MessageRules MessageRules => new(MaxMessageBytes, Type == QueueType.Fifo, Priorities);

    /// <summary>The first rule that this definition breaks, with the field's name; null when it is legal.</summary>
    public BrokerError? Validate()
    {
        if (Type is not (QueueType.Standard or QueueType.Fifo)) return new BrokerError(ErrorCode.InvalidValue, "The type is standard or fifo.", "type");
        if (Type == QueueType.Fifo && Priorities != 1) return new BrokerError(ErrorCode.InvalidValue, "A FIFO queue has one priority: order goes before it.", "priorities");
        return Range("leaseSeconds", LeaseSeconds, 0, QueueLimits.LeaseSecondsMax)
            ?? Range("delaySeconds", DelaySeconds, 0, MessageLimits.DelaySecondsMax)
            ?? Range("retentionSeconds", RetentionSeconds, QueueLimits.RetentionSecondsMin, QueueLimits.RetentionSecondsMax)
            ?? Range("receiveWaitSeconds", ReceiveWaitSeconds, 0, QueueLimits.ReceiveWaitSecondsMax)
            ?? Range("maxMessageBytes", MaxMessageBytes, MessageLimits.MessageBytesMin, MessageLimits.MessageBytesMax)
            ?? Range("priorities", Priorities, 1, QueueLimits.PrioritiesMax)
            ?? (MaxMessages is { } messages ? Range("maxMessages", messages, 1, QueueLimits.MaxMessagesMax) : null)
            ?? DeadLetter?.Validate()
            ?? Deduplication?.Validate()
            ?? Retry?.Validate()
            ?? DefinitionTexts.ValidateTags(Tags)
            ?? DefinitionTexts.ValidateAnnotations(Annotations);
    }

    /// <summary>By content, tags and annotations included.</summary>
    public bool Equals(QueueDefinition? other) =>
        other is not null && Type == other.Type && LeaseSeconds == other.LeaseSeconds && DelaySeconds == other.DelaySeconds
        && RetentionSeconds == other.RetentionSeconds && ReceiveWaitSeconds == other.ReceiveWaitSeconds
        && MaxMessageBytes == other.MaxMessageBytes && DeadLetter == other.DeadLetter && Deduplication == other.Deduplication
        && Retry == other.Retry && Priorities == other.Priorities && MaxMessages == other.MaxMessages
        && DefinitionTexts.AreSame(Tags, other.Tags) && DefinitionTexts.AreSame(Annotations, other.Annotations);

    /// <inheritdoc/>
    public override int GetHashCode() =>
        HashCode.Combine(Type, LeaseSeconds, DelaySeconds, RetentionSeconds, ReceiveWaitSeconds, MaxMessageBytes, Tags.Count, Annotations.Count);

    internal static BrokerError? Range(string field, int value, int min, int max) =>
        value >= min && value <= max ? null : new BrokerError(ErrorCode.InvalidValue, $"{field} is {min} to {max}, not {value}.", field);
}
