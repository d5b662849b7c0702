namespace Messaging.Broker.Messages;

/// <summary>
/// One message as it stands in its queue, looked at without touching it. Its memory belongs to the <see cref="BrowsedMessages"/> that hold it. Times are
/// milliseconds since 1970, UTC; 0 where there is none.
/// </summary>
public readonly struct BrowsedMessage
{
    /// <summary>The same as at its send.</summary>
    public MessageId Id { get; init; }

    /// <summary>Of the record of a topic that it is a copy of; null for what was sent to the queue.</summary>
    public MessageId? PublishedId { get; init; }

    /// <summary>Its subscription asked for the record again.</summary>
    public bool IsReplayed { get; init; }

    /// <summary>As of the moment of the look.</summary>
    public MessageState State { get; init; }

    /// <summary>As it was sent.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>As it was sent, or null.</summary>
    public string? ContentType { get; init; }

    /// <summary>As they were sent, in their order.</summary>
    public IReadOnlyList<MessageAttribute> Attributes { get; init; }

    /// <summary>As it was sent, or null.</summary>
    public string? TraceParent { get; init; }

    /// <summary>Who sent it, or null.</summary>
    public string? Sender { get; init; }

    /// <summary>Under which it was deduplicated, or null.</summary>
    public string? DeduplicationId { get; init; }

    /// <summary>As it was sent, or null.</summary>
    public string? Group { get; init; }

    /// <summary>As it was sent.</summary>
    public int Priority { get; init; }

    /// <summary>Its place in the order of its group; null in a queue that keeps none.</summary>
    public long? Sequence { get; init; }

    /// <summary>When the send was sequenced.</summary>
    public long SentAtMs { get; init; }

    /// <summary>Where it was moved from as dead; null for a message that never was.</summary>
    public MessageOrigin? Origin { get; init; }

    /// <summary>When it is over, unless someone has it then; 0: never.</summary>
    public long ExpiresAtMs { get; init; }

    /// <summary>When a delayed one will be ready.</summary>
    public long AvailableAtMs { get; init; }

    /// <summary>When the lease of a leased one ends.</summary>
    public long LeasedUntilMs { get; init; }

    /// <summary>When it was delivered for the first time.</summary>
    public long FirstReceivedAtMs { get; init; }

    /// <summary>How often it was delivered so far.</summary>
    public int ReceiveCount { get; init; }
}
