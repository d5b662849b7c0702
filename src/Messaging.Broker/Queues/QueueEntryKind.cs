namespace Messaging.Broker.Queues;

/// <summary>
/// The first byte of a queue's journal entry: kind and version in one, a changed format is a new kind. All numbers are
/// varints, unsigned or zigzag (z); offsets stand as differences from the one before, the first from 0; lists end with the entry.
/// </summary>
/// <remarks>
/// <code>
/// Opened        1 |
/// Received      2 | now | deadline - now | (offset z)...
/// Acknowledged  3 | now | (offset z)...
/// Extended      4 | now | (offset z, deadline - now)...
/// Released      5 | now | (offset z, due - now)...
/// Delayed       6 | now | (offset z, due - now)...
/// DelayedFrom   7 | now | first offset | due - now
/// Expired       8 | now | (offset z)...
/// Trimmed       9 | now | below | due before (z)
/// Untaken      10 | now | (offset z)...
/// Laned        11 | now | (offset z, tag, lane)...
/// Answered     12 | now | until - now | hash of the key | hash of the request | answer
/// Deduplicated 13 | now | until - now | (offset z, hash of the id)...
/// Attempted    14 | now | until - now | hash of the id | deadline - now | (offset z, receive count)...
/// Purged       15 | now | below
/// Cancelled    16 | now | (offset z)...
/// Expiring     17 | now | (offset z, expires - now)...
/// ReceivedToRetry 18 | now | deadline - now | min s | max s | factor | jitter | (offset z)...
/// MovedAway    19 | now | (offset z)...
/// MovedHere    20 | now | (offset z, message id 16 bytes)...
/// Unhandled    21 | now | (offset z, due - now)...
/// </code>
/// tag: 1 for a delay of its own, plus 2 for a lane that is not the one before, only then followed by it: priority, and 16 bytes of the group's hash.
/// factor and jitter are the bits of doubles. A hash is the first 16 bytes of a SHA-256. An answer is its operation's (<see cref="SendAnswers"/>, <see cref="Moves.RedriveAnswer"/>).
/// now, deadline, due, until and expires are milliseconds since 1970. docs/formats.md names this page.
/// </remarks>
internal enum QueueEntryKind : byte
{
    /// <summary>The stream belongs to a queue; its definition stands in the system stream.</summary>
    Opened = 1,

    /// <summary>Delivered once more, and leased.</summary>
    Received = 2,

    Acknowledged = 3,

    /// <summary>The lease ends at another time; now: at once.</summary>
    Extended = 4,

    /// <summary>Given back, ready when due.</summary>
    Released = 5,

    /// <summary>Sent with a delay of their own; beside the records, so that the fold never parses one.</summary>
    Delayed = 6,

    /// <summary>Sent with the queue's delay: all messages from this offset on, up to the next such entry.</summary>
    DelayedFrom = 7,

    /// <summary>Found past their retention at delivery.</summary>
    Expired = 8,

    /// <summary>All ready messages below the offset, except those with a delay of their own that were due at or after the time.</summary>
    Trimmed = 9,

    /// <summary>Received, but the answer had no room for them: ready again, as if they had not been received.</summary>
    Untaken = 10,

    /// <summary>Sent with a group or a priority; beside the records, so that the fold never parses one.</summary>
    Laned = 11,

    /// <summary>A call with an idempotency key has done, in this frame, what is answered again until then.</summary>
    Answered = 12,

    /// <summary>Messages of this frame were sent under these ids, which stand for them until then.</summary>
    Deduplicated = 13,

    /// <summary>A receive attempt holds these deliveries, leased until the deadline, and is remembered until then; without any it is forgotten.</summary>
    Attempted = 14,

    /// <summary>All messages below the offset, whatever their state.</summary>
    Purged = 15,

    /// <summary>Taken out of the queue by id, before anybody had them.</summary>
    Cancelled = 16,

    /// <summary>Sent to expire; beside the records, as delays are.</summary>
    Expiring = 17,

    /// <summary>As <see cref="Received"/>, in a queue with a retry policy: the messages wait when their leases end.</summary>
    ReceivedToRetry = 18,

    /// <summary>In the same frame they were appended to another queue.</summary>
    MovedAway = 19,

    /// <summary>Came from another queue in the same frame, and keep the ids that they had there.</summary>
    MovedHere = 20,

    /// <summary>As <see cref="Released"/>, and nobody has worked on it: the delivery does not count.</summary>
    Unhandled = 21,
}
