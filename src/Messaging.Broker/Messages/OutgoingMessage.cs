namespace Messaging.Broker.Messages;

/// <summary>A message as a front hands it over. Its memory is borrowed until the task of the send has ended.</summary>
public readonly struct OutgoingMessage
{
    /// <summary>The value of <see cref="DelayMilliseconds"/> that means: the queue's own delay.</summary>
    public const long QueueDelay = -1;

    /// <summary>The value of <see cref="ExpiresInMilliseconds"/> that means: only the queue's retention ends it.</summary>
    public const long NoExpiry = 0;

    /// <summary>An empty body and the queue's delay.</summary>
    public OutgoingMessage() { }

    /// <summary>Any bytes.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Stored as it is when it is given; nothing is stored or assumed without it.</summary>
    public string? ContentType { get; init; }

    /// <summary>At most <see cref="MessageLimits.AttributesMax"/>, each name once; null is none.</summary>
    public IReadOnlyList<MessageAttribute>? Attributes { get; init; }

    /// <summary>0 to a year; <see cref="QueueDelay"/> takes the queue's.</summary>
    public long DelayMilliseconds { get; init; } = QueueDelay;

    /// <summary>Its message group, 1 to 255 bytes of UTF-8; null is none. A FIFO queue's messages have one.</summary>
    public string? Group { get; init; }

    /// <summary>0 to one less than the queue's priorities; the highest is delivered first.</summary>
    public int Priority { get; init; }

    /// <summary>From the send on, whatever its delay; up to a year.</summary>
    public long ExpiresInMilliseconds { get; init; } = NoExpiry;

    /// <summary>Instead of a delay: not before this time, in ms since 1970; one that has passed means at once. At most a year away when it is sent.</summary>
    public long? DeliverAtMs { get; init; }

    /// <summary>W3C trace context, as it came.</summary>
    public string? TraceParent { get; init; }

    /// <summary>AWS X-Ray's trace header, as it came; at most <see cref="MessageLimits.TraceHeaderBytesMax"/> bytes of UTF-8, which no limit of a message's size counts.</summary>
    public string? TraceHeader { get; init; }

    /// <summary>Who sends it, as the front knows them; at most <see cref="MessageLimits.SenderBytesMax"/> bytes of UTF-8, which no limit of a message's size counts.</summary>
    public string? Sender { get; init; }

    /// <summary>
    /// What the sender calls the message, so that the queue stores it once within its deduplication window; 1 to <see cref="MessageLimits.DeduplicationIdBytesMax"/>
    /// bytes of UTF-8 without control characters. Refused by a queue that does not deduplicate.
    /// </summary>
    public string? DeduplicationId { get; init; }

    internal bool HasQueueDelay => DeliverAtMs is null && DelayMilliseconds == QueueDelay;

    /// <summary>Its own delay; only where it has one.</summary>
    internal long DelayFrom(long now) => DeliverAtMs is { } time ? Math.Max(0, time - now) : DelayMilliseconds;
}
