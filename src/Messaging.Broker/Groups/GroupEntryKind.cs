namespace Messaging.Broker.Groups;

/// <summary>
/// The first byte of a group's journal entry: kind and version in one, a changed format is a new kind. From 128 on, so that the first byte of a stream's entry
/// or snapshot tells whose stream it is. All numbers are varints, unsigned or zigzag (z); what has no count goes to the entry's end.
/// </summary>
/// <remarks>
/// <code>
/// Opened        128 | account | namespace | name
/// Joined        129 | now | member id | protocol | strategy | profile
/// Replaced      130 | now | old member id | member id | profile
/// Left          131 | now | (member id)...
/// TopicsChanged 132 | now
/// Assigned      133 | now | generation | partitions | (place of the owner + 1; nobody: 0)... for each of them
/// Reconciled    134 | now | member id | generation that it has reached | partitions given up | partitions got
/// Committed     135 | now | (stream id - the one before z, offset, leader's epoch + 1, metadata)...
/// Reset         136 | now | (stream id - the one before z, offset)...
/// Forgotten     137 | now | partitions
/// Leased        138 | now | until - now | first nonce | (stream id - the one before z, from, to - from)...
/// Settled       139 | now | (stream id - the one before z, nonce, next offset + 1; not committed: 0)...
/// Retention     140 | now | ms
/// profile:    instance id or empty | client id | client host | session ms | rebalance ms | topics | topic...
/// partitions: number | (stream id - the one before z)...
/// </code>
/// A member id is 16 bytes; texts are UTF-8 with their length before them. protocol: 0 cooperative, 1 eager; strategy: 0 range, 1 round-robin, 2 sticky. A
/// place is that in the order of members: those with an instance id first, by it, then the others by id. Nonces of one entry rise by one. docs/formats.md
/// names this page.
/// </remarks>
internal enum GroupEntryKind : byte
{
    /// <summary>The stream belongs to a group, and this is its first entry.</summary>
    Opened = 128,

    /// <summary>A new member, or a known one with another profile.</summary>
    Joined = 129,

    /// <summary>A static member under another id; it has all that it had.</summary>
    Replaced = 130,

    /// <summary>They left, were not heard of, or took too long to give something up.</summary>
    Left = 131,

    /// <summary>A topic that members want came, grew or went.</summary>
    TopicsChanged = 132,

    /// <summary>Who is to have what, from this generation on.</summary>
    Assigned = 133,

    /// <summary>A member has given up and got partitions.</summary>
    Reconciled = 134,

    Committed = 135,

    /// <summary>Offsets set from outside, which ends leases.</summary>
    Reset = 136,

    /// <summary>Offsets and leases are no more: deleted, or their topics were.</summary>
    Forgotten = 137,

    /// <summary>A fetch has these records to itself.</summary>
    Leased = 138,

    /// <summary>Leases ended before their time.</summary>
    Settled = 139,

    /// <summary>How long offsets are kept after the last member.</summary>
    Retention = 140,
}
