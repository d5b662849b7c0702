namespace Messaging.Broker.Catalog;

/// <summary>The first byte of an entry of the system stream: kind and version in one, a changed format is a new kind.</summary>
/// <remarks>
/// Varints, unsigned; texts and bytes with their length before them:
/// <code>
/// Keys          1 | id key, 32 bytes | receipt key, 32 bytes
/// QueuePut      2 | queue
/// QueueDeleted  3 | stream id | catalog version
/// queue: stream id | account | namespace | name | version | created ms | modified ms | type
///        | lease s | delay s | retention s | receive wait s | max message bytes | tags | (key, value)...
/// snapshot: version = 1 | clock ms | catalog version | id key | receipt key | queues | queue...
/// </code>
/// ARCHITECTURE.md names this page among the on-disk formats.
/// </remarks>
internal enum CatalogEntryKind : byte
{
    Keys = 1,
    QueuePut = 2,
    QueueDeleted = 3,
}
