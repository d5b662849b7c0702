namespace Messaging.Broker.Topics;

/// <summary>
/// The first byte of a partition's journal entry: kind and version in one, a changed format is a new kind. A partition's kinds begin at 64: the first byte of its first entry, as of its
/// snapshot, tells a partition's stream from a queue's and a group's (<see cref="StreamOwner"/>). Numbers are varints, unsigned or zigzag (z).
/// </summary>
/// <remarks>
/// <code>
/// Opened   64 |
/// Trimmed  65 | now | below
/// Answered 66 | now | until - now | hash of the key | hash of the request | answer
/// Aborted  67 | now | producer id | first offset | last offset
/// Compacted   68 | now | (offsets since the last run's end, offsets of the run)...
/// Deduplicated 70 | now | until - now | (offset z, hash of the id)...
/// CompactedTo 69 | now | cleaned | ms at which its tombstones were met, 0 for none | cleared
/// </code>
/// now and until are milliseconds since 1970. A hash is the first 16 bytes of a SHA-256. An answer is that of <see cref="PublishAnswers"/>. What producers have published
/// is told by the record batches themselves. docs/formats.md names this page.
/// </remarks>
internal enum PartitionEntryKind : byte
{
    /// <summary>The stream belongs to a topic; its definition stands in the system stream.</summary>
    Opened = 64,

    /// <summary>Records below the offset are gone: by time, by size, or because a client has deleted them.</summary>
    Trimmed = 65,

    /// <summary>A publish with an idempotency key has done, in this frame, what is answered again until then. In the topic's first partition.</summary>
    Answered = 66,

    /// <summary>A transaction was aborted that has records here, from its first one to its marker.</summary>
    Aborted = 67,

    /// <summary>Compaction has taken these records out.</summary>
    Compacted = 68,

    /// <summary>Compaction has gone through all below: of each key the latest record is left there. Below another offset, tombstones have had their time and are gone.</summary>
    CompactedTo = 69,

    /// <summary>Records of this frame were published under these ids, which stand for them until then. In FIFO topics only.</summary>
    Deduplicated = 70,
}
