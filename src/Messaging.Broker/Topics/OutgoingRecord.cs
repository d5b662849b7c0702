using Messaging.Broker.Messages;

namespace Messaging.Broker.Topics;

/// <summary>A record as a front hands it over. Its memory is borrowed until the task of the publish has ended.</summary>
public readonly struct OutgoingRecord
{
    /// <summary>Chooses the partition, and is what a compacted topic keeps the latest record of; null is none.</summary>
    public ReadOnlyMemory<byte>? Key { get; init; }

    /// <summary>Any bytes; null is a tombstone.</summary>
    public ReadOnlyMemory<byte>? Value { get; init; }

    /// <summary>Stored as it is when it is given; nothing is stored or assumed without it.</summary>
    public string? ContentType { get; init; }

    /// <summary>At most <see cref="TopicLimits.RecordHeadersMax"/>; null is none.</summary>
    public IReadOnlyList<RecordHeader>? Headers { get; init; }

    /// <summary>At most <see cref="MessageLimits.AttributesMax"/>, each name once; null is none. In the stored record they are headers before those in <see cref="Headers"/>.</summary>
    public IReadOnlyList<MessageAttribute>? Attributes { get; init; }

    /// <summary>
    /// What its publisher calls it, so that a FIFO topic stores it once within its deduplication window; 1 to <see cref="MessageLimits.DeduplicationIdBytesMax"/> bytes of UTF-8 without control
    /// characters. Refused by a standard topic.
    /// </summary>
    public string? DeduplicationId { get; init; }

    /// <summary>Of the notifications that it becomes; at most <see cref="TopicLimits.SubjectBytesMax"/> bytes of UTF-8.</summary>
    public string? Subject { get; init; }

    /// <summary>The value is a JSON object with a text for each protocol that it is delivered by, and one by the name "default" for all others.</summary>
    public bool IsStructured { get; init; }

    /// <summary>Who publishes it, as the front knows them; at most <see cref="MessageLimits.SenderBytesMax"/> bytes of UTF-8, which no limit of a record's size counts.</summary>
    public string? Sender { get; init; }

    /// <summary>Its time in ms since 1970, where the topic's timestamps are its producers'; null is that of the publish.</summary>
    public long? TimestampMs { get; init; }

    /// <summary>Where it goes, whatever its key; null leaves it to the key, or to the topic where there is none.</summary>
    public int? Partition { get; init; }

    /// <summary>Its number among those of its producer in its partition, so that it is stored once however often it is sent; of a producer's records only.</summary>
    public int? Sequence { get; init; }
}
