namespace Messaging.Broker.Messages;

/// <summary>One delivered message. Its memory belongs to the <see cref="ReceivedMessages"/> that holds it. Times are milliseconds since 1970, UTC.</summary>
public readonly struct ReceivedMessage
{
    /// <summary>The same at every delivery, also in a dead-letter queue.</summary>
    public MessageId Id { get; init; }

    /// <summary>Of the record of a topic that it is a copy of: the same in all queues; null for what was sent to the queue.</summary>
    public MessageId? PublishedId { get; init; }

    /// <summary>Its subscription asked for the record again.</summary>
    public bool IsReplayed { get; init; }

    /// <summary>As it was sent.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>As it was sent, or null.</summary>
    public string? ContentType { get; init; }

    /// <summary>As they were sent, in their order.</summary>
    public IReadOnlyList<MessageAttribute> Attributes { get; init; }

    /// <summary>As it was sent, or null.</summary>
    public string? TraceParent { get; init; }

    /// <summary>AWS X-Ray's trace header as it was sent, or null.</summary>
    public string? TraceHeader { get; init; }

    /// <summary>Who sent it, or null.</summary>
    public string? Sender { get; init; }

    /// <summary>Where it was moved from as dead; null for a message that never was.</summary>
    public MessageOrigin? Origin { get; init; }

    /// <summary>As it was sent, or null.</summary>
    public string? Group { get; init; }

    /// <summary>As it was sent.</summary>
    public int Priority { get; init; }

    /// <summary>Its place in the order of its group; null in a queue that keeps none.</summary>
    public long? Sequence { get; init; }

    /// <summary>Under which it was deduplicated, or null: the sender's own, or the SHA-256 of the body in hexadecimal digits.</summary>
    public string? DeduplicationId { get; init; }

    /// <summary>When the send was sequenced.</summary>
    public long SentAtMs { get; init; }

    /// <summary>When it is over, unless someone has it then; 0: never.</summary>
    public long ExpiresAtMs { get; init; }

    /// <summary>When it was delivered for the first time.</summary>
    public long FirstReceivedAtMs { get; init; }

    /// <summary>When the lease of this delivery ends, unless it is extended.</summary>
    public long LeasedUntilMs { get; init; }

    /// <summary>1 at the first delivery; grows by exactly one with each.</summary>
    public int ReceiveCount { get; init; }

    /// <summary>What acknowledges, extends or releases this delivery.</summary>
    public Receipt Receipt { get; init; }
}
