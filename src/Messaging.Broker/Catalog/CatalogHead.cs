namespace Messaging.Broker.Catalog;

/// <summary>
/// Whose the catalog is, and how far it has come: the version grows with every change of any definition, the epoch with every start of a
/// server on it. A value.
/// </summary>
public sealed record CatalogHead(Guid ClusterId, Guid NodeId, long Version, long Epoch);
