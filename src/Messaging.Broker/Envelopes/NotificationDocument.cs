using Messaging.Broker.Messages;

namespace Messaging.Broker.Envelopes;

/// <summary>
/// A message of a topic as its subscribers are told of it: what is the same for all of them, and what is signed (SNS Developer Guide, "Parsing message formats"). Its memory belongs to the message. Immutable.
/// </summary>
public sealed record NotificationDocument
{
    /// <summary>The topic's id of the message, the same for every subscriber.</summary>
    public required MessageId Id { get; init; }

    public required string TopicArn { get; init; }

    /// <summary>Null where the publisher gave none: the member is then left out, and out of what is signed.</summary>
    public string? Subject { get; init; }

    /// <summary>UTF-8; what is not becomes U+FFFD, since no JSON can hold it. With a message of several structures: the text for this protocol.</summary>
    public required ReadOnlyMemory<byte> Message
    {
        get;
        init => field = Utf8Text.Sound(value);
    }

    /// <summary>When it was published: milliseconds since 1970, UTC.</summary>
    public required long PublishedAtMs { get; init; }

    /// <summary>Its place in a FIFO topic; null in a standard one.</summary>
    public long? Sequence { get; init; }

    /// <summary>In the order in which they are told; without any the member is left out.</summary>
    public IReadOnlyList<MessageAttribute> Attributes { get; init; } = [];
}
