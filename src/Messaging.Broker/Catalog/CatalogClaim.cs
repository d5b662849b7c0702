namespace Messaging.Broker.Catalog;

/// <summary>How a server takes over a catalog; all of it in one transaction.</summary>
/// <param name="ClusterId">Of the data folder.</param>
/// <param name="NodeId">Of the data folder.</param>
/// <param name="Version">The mirror's; the head's version is never below it afterwards.</param>
public abstract record CatalogClaim(Guid ClusterId, Guid NodeId, long Version)
{
    /// <summary>The rows stay as they are.</summary>
    public sealed record AsItIs(Guid ClusterId, Guid NodeId, long Version) : CatalogClaim(ClusterId, NodeId, Version);

    /// <summary>
    /// The rows hold, whatever the mirror says: each gets a version above all that either side knows, so that the mirror catches up with every
    /// one of them, also after a crash in the middle. Deleted rows go without effect: of another history, they are no word about these streams.
    /// </summary>
    public sealed record Renumbered(Guid ClusterId, Guid NodeId, long Version) : CatalogClaim(ClusterId, NodeId, Version);

    /// <summary>The mirror holds: its <paramref name="Rows"/> take the place of all that is there.</summary>
    public sealed record Rewritten(Guid ClusterId, Guid NodeId, long Version, IReadOnlyList<CatalogRow> Rows) : CatalogClaim(ClusterId, NodeId, Version);
}
