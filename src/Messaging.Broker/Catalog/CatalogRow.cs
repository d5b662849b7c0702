using Messaging.Broker.Names;
using Messaging.Broker.Queues;

namespace Messaging.Broker.Catalog;

/// <summary>What the truth holds of one queue. Immutable.</summary>
/// <param name="Key">The queue.</param>
/// <param name="CreatedVersion">
/// The version that created it: its incarnation. 0 in a row that is written means: as it is, and where there is none, older than all that a mirror may lack.
/// </param>
/// <param name="Version">The version of its latest change.</param>
/// <param name="IsDeleting">It is deleted: the row stays until the mirror has dropped the stream, which dies by this word and never by a row's absence.</param>
/// <param name="CreatedMs">Milliseconds since 1970.</param>
/// <param name="ModifiedMs">Milliseconds since 1970.</param>
/// <param name="Definition">As it is, or was before the deletion.</param>
public sealed record CatalogRow(
    QueueKey Key, long CreatedVersion, long Version, bool IsDeleting, long CreatedMs, long ModifiedMs, QueueDefinition Definition);
